import { listAssets } from '#app/content/list-assets.ts'
import { listContentTypes, type ContentTypeView } from '#app/content/get-content-type.ts'
import { listToldVersions, type ToldQuestion, type ToldVersions } from '#app/content/list-told-versions.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import type { Context } from '#app/context.ts'
import type { Message } from '#app/webhooks/message-format.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import { isDomainError } from '#domain/errors.ts'
import type { UidOf } from '../ids.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { writeAsset, type AssetPlace } from '../translate/asset.ts'
import { writeContentType } from '../translate/content-type.ts'
import { writeEntry } from '../translate/entry.ts'
import { writeEnvironment } from '../translate/environment.ts'
import { filesIn } from '../translate/leaves.ts'
import type { EnvironmentAnswer } from '../wire-answers.ts'

/** What the messages of one stack tell of, in the vendor's words, by the messages' ids. */
export interface ToldThings {
  entries: ReadonlyMap<string, JsonObject>
  assets: ReadonlyMap<string, JsonObject>
  /** `branch` and uid of a content type, joined by a space. */
  types: ReadonlyMap<string, object>
  /** By our ids. */
  environments: ReadonlyMap<string, EnvironmentAnswer>
  users: UidOf
}

export interface Stack {
  project_id: string
  api_key: string
  /** Where others reach this server. */
  origin: string
}

/** A constant number of statements for any number of messages, and two for each branch they are about. */
export async function readToldThings(
  ctx: Context,
  stack: Stack,
  messages: readonly Message[],
): Promise<ToldThings> {
  const { project_id } = stack
  const asked = messages.flatMap((message, n) => questionOf(message, n) ?? [])
  const versions = await listToldVersions(ctx, { project_id, asked })
  const [types, files] = [new Map<string, ContentTypeView>(), new Map<string, JsonObject>()]
  const people = [...versions.entries.values(), ...versions.assets.values()]
  const users = await uidsOf(
    ctx,
    'user',
    people.flatMap(({ created_by, updated_by }) => [created_by, updated_by]),
  )
  for (const branch of new Set([...messages.flatMap(branchOf)])) {
    await readTypes(ctx, { project_id, branch }, typesOf(messages, versions, branch), types)
    await readFiles(ctx, { ...stack, branch }, versions, { types, users, files })
  }
  const authors = await uidsOfEach(ctx, 'user', [])
  const entries = new Map<string, JsonObject>()
  const assets = new Map<string, JsonObject>()
  for (const [n, { branch, ...entry }] of versions.entries) {
    const fields = types.get(`${branch} ${entry.content_type_uid}`)?.fields ?? []
    const names = { users, environments: () => null, assets: filesOf(files, branch) }
    entries.set(messages[n]?.id ?? '', writeEntry(entry, fields, names))
  }
  for (const [n, { branch, ...asset }] of versions.assets)
    assets.set(messages[n]?.id ?? '', writeAsset(asset, placeOf(stack, branch), users))
  const written = new Map([...types].map(([key, type]) => [key, writeContentType(type, authors)] as const))
  return { entries, assets, types: written, environments: await environmentsOf(ctx, stack, messages), users }
}

/** The version that a message is about. */
function questionOf({ item, happening }: Message, n: number): ToldQuestion | undefined {
  if (item) {
    const key = readContentKey(item.item_key)
    // What is not there any more is told of as it was.
    const text = item.after ?? item.before
    const said = key && text !== null ? readContentVersion(text, key.locale) : undefined
    if (!key) return undefined
    const { branch, uid, locale } = key
    return { n, branch, uid, locale: said?.source_locale ?? locale, version: said?.version ?? null }
  }
  const { kind, data, branch } = happening?.event ?? {}
  if (!kind || !data || !branch || !/^(?:entry|asset)\./.test(kind)) return undefined
  const { uid, locale, locales, version } = data
  // Deleted in some languages: the message is about the first of them.
  const said = Array.isArray(locales) ? locales[0] : locale
  const first = kind === 'asset.created' ? 1 : null
  return {
    ...{ n, branch, uid: uid as string, locale: typeof said === 'string' ? said : null },
    version: typeof version === 'number' ? version : first,
  }
}

export function branchOf({ item, happening }: Message): string[] {
  const branch = item ? readContentKey(item.item_key)?.branch : happening?.event.branch
  return branch ? [branch] : []
}

/** The content types that messages of a branch are about. */
function typesOf(messages: readonly Message[], versions: ToldVersions, branch: string): string[] {
  const ofEntries = [...versions.entries.values()].filter((entry) => entry.branch === branch)
  const ofTypes = messages.flatMap(({ happening }) => {
    const { kind, data } = happening?.event ?? {}
    return kind?.startsWith('content_type.') && happening?.event.branch === branch
      ? [data?.uid as string]
      : []
  })
  return [...new Set([...ofEntries.map(({ content_type_uid }) => content_type_uid), ...ofTypes])]
}

async function readTypes(
  ctx: Context,
  place: { project_id: string; branch: string },
  uids: readonly string[],
  types: Map<string, ContentTypeView>,
): Promise<void> {
  if (uids.length === 0) return
  const found = await unlessGone(() => listContentTypes(ctx, { ...place, uids, limit: uids.length }))
  for (const type of found?.content_types ?? []) types.set(`${place.branch} ${type.uid}`, type)
}

interface Reading {
  types: ReadonlyMap<string, ContentTypeView>
  users: UidOf
  files: Map<string, JsonObject>
}

/** The assets that entries of a branch name, as they are now. */
async function readFiles(
  ctx: Context,
  { branch, ...stack }: Stack & { branch: string },
  { entries }: ToldVersions,
  { types, users, files }: Reading,
): Promise<void> {
  const own = [...entries.values()].filter((entry) => entry.branch === branch)
  const uids = own.flatMap(({ content_type_uid, data }) =>
    filesIn(types.get(`${branch} ${content_type_uid}`)?.fields ?? [], data),
  )
  if (uids.length === 0) return
  const place = { project_id: stack.project_id, branch }
  const found = await unlessGone(() => listAssets(ctx, { ...place, uids, limit: uids.length }))
  for (const asset of found?.assets ?? [])
    files.set(`${branch} ${asset.uid}`, writeAsset(asset, placeOf(stack, branch), users))
}

function filesOf(files: ReadonlyMap<string, JsonObject>, branch: string): Map<string, JsonObject> {
  const own = [...files].filter(([key]) => key.startsWith(`${branch} `))
  return new Map(own.map(([key, file]) => [key.slice(branch.length + 1), file]))
}

function placeOf({ origin, api_key }: Stack, branch: string): AssetPlace {
  return { origin, api_key, branch }
}

/** A branch may have gone since. */
async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isDomainError(error, 'not_found')) return undefined
    throw error
  }
}

async function environmentsOf(
  ctx: Context,
  { project_id }: Stack,
  messages: readonly Message[],
): Promise<Map<string, EnvironmentAnswer>> {
  if (!messages.some(({ happening }) => happening?.deployment)) return new Map()
  const all = await listEnvironments(ctx, { project_id })
  const environments = await uidsOfEach(ctx, 'environment', all)
  const users = await uidsOf(
    ctx,
    'user',
    all.flatMap(({ created_by, updated_by }) => [created_by, updated_by]),
  )
  return new Map(all.map((one) => [one.id, writeEnvironment(one, { environments, users })]))
}
