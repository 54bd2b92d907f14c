import { externalFor } from '#app/external-ids/resolve-external.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import type { Context } from '#app/context.ts'
import type {
  FormattedWebhook,
  Happening,
  MessageFormat,
  Selection,
  ToldDeployment,
} from '#app/webhooks/message-format.ts'
import { readContentKey } from '#domain/content-key.ts'
import { finishedKinds } from '#domain/webhook.ts'
import { surface } from '../ids.ts'
import { isObject } from '../translate/leaves.ts'
import {
  changeChannels,
  deployChannels,
  itemChannels,
  jobChannels,
  tellsOfItems,
  type Place,
} from './channels.ts'
import { readSettings, skipItems, type Settings } from './settings.ts'

/** What of what happened a webhook asked for by its channels, on its branches. */
export const selectMessages: MessageFormat['select'] = async (ctx, webhook, happenings) => {
  const settings = readSettings(webhook.settings)
  const releases = await externalFor(ctx, surface, 'release', happenings.map(releaseIn))
  const places = await placesOf(
    ctx,
    webhook,
    happenings.flatMap(({ deployment }) => deployment ?? []),
  )
  const asked = new Set(settings.channels)
  const items = settings.channels.some(tellsOfItems)
  return happenings.map((happening): Selection => {
    const { event, deployment } = happening
    const release = uidOfGone(happening) ?? releases.get(releaseIn(happening) ?? '')
    const branch = event.branch ?? deployment?.branch ?? null
    const told = branch === null || isOn(webhook, branch)
    if (!event.kind.startsWith('deployment.')) {
      const topics = told ? changeChannels(event, release).filter((channel) => asked.has(channel)) : []
      return { topics, items: false }
    }
    if (!deployment || deployment.dry_run || !isEnd(event.kind)) return { topics: [], items: false }
    const place = places.get(deployment.environment_id) ?? { name: '', uid: undefined }
    const channels = deployment.one_shot
      ? jobChannels(place, deployment.first_action === 'unpublish' ? 'unpublish' : 'publish')
      : deployChannels(release, place, deployment.state)
    const topics = told ? channels.filter((channel) => asked.has(channel)) : []
    return { topics, items: items && !isOneMessage(settings, deployment) }
  })
}

/** The same for the items of a deployment. */
export const selectItemMessages: MessageFormat['selectItems'] = async (
  ctx,
  webhook,
  { deployment },
  items,
) => {
  if (!deployment) return items.map(() => [])
  const asked = new Set(readSettings(webhook.settings).channels)
  const place = (await placesOf(ctx, webhook, [deployment])).get(deployment.environment_id)
  return items.map((item) => {
    const branch = readContentKey(item.item_key)?.branch
    if (!place || branch === undefined || !isOn(webhook, branch)) return []
    return itemChannels(item, place).filter((channel) => asked.has(channel))
  })
}

const isEnd = (kind: Happening['event']['kind']) =>
  finishedKinds.includes(kind) || kind === 'deployment.unchanged'

/** Whoever deploys, or whoever listens, wants a release told once, whatever it holds. */
function isOneMessage({ skip_items_webhook_trigger }: Settings, deployment: ToldDeployment): boolean {
  const { one_shot, annotations } = deployment
  return !one_shot && (skip_items_webhook_trigger || annotations[skipItems] === true)
}

const isOn = ({ branches }: Pick<FormattedWebhook, 'branches'>, branch: string) =>
  branches === null || branches.includes(branch)

/** Of a release that was removed: what it was known as. */
export function uidOfGone({ event }: Happening): string | undefined {
  const { known_as } = event.data
  const uid = isObject(known_as) ? known_as[surface] : undefined
  return event.kind === 'release.removed' && typeof uid === 'string' ? uid : undefined
}

export function releaseIn({ event, deployment }: Happening): string | null {
  if (deployment) return deployment.release_id
  return event.kind.startsWith('release.') ? event.subject_id : null
}

async function placesOf(
  ctx: Context,
  { project_id }: FormattedWebhook,
  deployments: readonly ToldDeployment[],
): Promise<Map<string, Place>> {
  if (project_id === null || deployments.length === 0) return new Map()
  const environments = await listEnvironments(ctx, { project_id })
  const uids = await externalFor(
    ctx,
    surface,
    'environment',
    environments.map(({ id }) => id),
  )
  return new Map(environments.map(({ id, name }) => [id, { name, uid: uids.get(id) }]))
}
