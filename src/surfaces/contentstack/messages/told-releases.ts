import type { Context } from '#app/context.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { getRevision } from '#app/releases/get-revision.ts'
import type { Happening, Message } from '#app/webhooks/message-format.ts'
import { isDomainError } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import { answerReleases } from '../answer-releases.ts'
import { uidsOf } from '../names.ts'
import { writeReleaseItem } from '../translate/release.ts'
import { releaseIn, uidOfGone } from './select-messages.ts'

export interface ToldRelease {
  uid: string
  name: string
  [field: string]: unknown
}

export interface ToldReleases {
  /** By our ids. One that was deleted says its uid and name. */
  releases: ReadonlyMap<string, ToldRelease>
  /** What deployments deployed, by their ids. */
  items: ReadonlyMap<string, readonly PinnedItem[]>
}

/** The named releases that messages are about: each is read once, the revision of each deployment too. */
export async function readToldReleases(
  ctx: Context,
  { project_id }: { project_id: string },
  messages: readonly Message[],
): Promise<ToldReleases> {
  const about = messages.flatMap(({ happening }) =>
    happening && !happening.deployment?.one_shot && releaseIn(happening) ? [happening] : [],
  )
  const ids = [...new Set(about.map((happening) => releaseIn(happening) ?? ''))]
  const there = about.filter((happening) => uidOfGone(happening) === undefined)
  const uids = await uidsOf(ctx, 'release', there.map(releaseIn))
  const whole = messages.filter(({ item }) => !item).flatMap(({ happening }) => happening ?? [])
  const wanted = new Set(whole.flatMap((happening) => releaseIn(happening) ?? []))
  const releases = new Map<string, ToldRelease>()
  for (const happening of about) {
    const id = releaseIn(happening) ?? ''
    releases.set(id, { uid: uidOfGone(happening) ?? uids(id) ?? '', name: nameIn(happening) })
  }
  for (const id of ids.filter((one) => wanted.has(one))) {
    const view = await unlessGone(() => getRelease(ctx, { project_id, release_id: id }))
    if (!view) continue
    const call = { ctx, project_id, query: {}, branch: view.branch ?? '' }
    const [answer] = await answerReleases(call, [view])
    if (answer) releases.set(id, { ...answer })
  }
  return { releases, items: await itemsOf(ctx, project_id, whole) }
}

const nameIn = ({ event, deployment }: Happening) =>
  deployment?.release_name ?? (typeof event.data.name === 'string' ? event.data.name : '')

async function itemsOf(
  ctx: Context,
  project_id: string,
  happenings: readonly Happening[],
): Promise<Map<string, readonly PinnedItem[]>> {
  const items = new Map<string, readonly PinnedItem[]>()
  for (const { deployment } of happenings) {
    if (!deployment || deployment.one_shot || items.has(deployment.id)) continue
    const { release_id, revision_number: number } = deployment
    const revision = await unlessGone(() => getRevision(ctx, { project_id, release_id, number }))
    if (revision) items.set(deployment.id, revision.items)
  }
  return items
}

export const writeItems = (items: readonly PinnedItem[]) => items.map(writeReleaseItem)

async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isDomainError(error, 'not_found')) return undefined
    throw error
  }
}
