import { externalFor } from '#app/external-ids/resolve-external.ts'
import type { Message, MessageFormat, ToldDeployment } from '#app/webhooks/message-format.ts'
import type { Json, JsonObject } from '#catalogue/content/field.ts'
import { readContentKey } from '#domain/content-key.ts'
import { surface } from '../ids.ts'
import { statusWord } from '../status.ts'
import { assetKind } from '../translate/release.ts'
import { writeTime } from '../translate/time.ts'
import { actionOf, happened } from './channels.ts'
import { concise } from './concise.ts'
import { purged } from './purged-keys.ts'
import { readSettings } from './settings.ts'
import { readToldReleases, writeItems, type ToldReleases } from './told-releases.ts'
import { branchOf, readToldThings, type ToldThings } from './told-things.ts'

/** `{module, event, api_key, triggered_at, data, source?}` (section 2.8). */
export const writeMessages: MessageFormat['write'] = async (ctx, messages, url) => {
  const bodies = new Map<string, string>()
  for (const [project_id, own] of Map.groupBy(messages, ({ webhook }) => webhook.project_id)) {
    if (project_id === null) continue
    const api_key = (await externalFor(ctx, surface, 'stack', [project_id])).get(project_id) ?? ''
    const things = await readToldThings(ctx, { project_id, api_key, origin: url }, own)
    const releases = await readToldReleases(ctx, { project_id }, own)
    for (const message of own) {
      const told = tell(message, { things, releases })
      const short = readSettings(message.webhook.settings).concise_payload
      const at = message.happening?.event.at ?? message.created_at
      const { module, event, data, source } = told
      const body = {
        ...{ module, api_key, event, triggered_at: writeTime(at) },
        data: short ? concise(data) : data,
        ...(source ? { source } : {}),
      }
      bodies.set(message.id, JSON.stringify(withoutDollars(body as JsonObject)))
    }
  }
  return bodies
}

interface Told {
  module: string
  event: string
  data: { [part: string]: unknown }
  /** The release that did it. */
  source?: { type: 'release'; title: string; uid: string }
}

interface Reading {
  things: ToldThings
  releases: ToldReleases
}

function tell(message: Message, reading: Reading): Told {
  const { happening, item } = message
  if (!happening) return { module: 'webhook', event: 'ping', data: {} }
  const { deployment } = happening
  if (item && deployment) return tellItem(message, deployment, reading)
  if (deployment?.one_shot) return tellJob(deployment, reading)
  if (deployment) return tellDeployment(deployment, reading)
  return tellChange(message, reading)
}

function tellChange(message: Message, { things, releases }: Reading): Told {
  const told = message.happening!.event
  const { noun, event } = happened(told)
  if (noun === 'release') {
    const release = releases.releases.get(told.subject_id ?? '')
    return { module: 'release', event, data: { release } }
  }
  const branch = branchPart(message)
  const { uid, title, locale, content_type_uid } = told.data
  const known = { uid, title, ...(typeof locale === 'string' ? { locale } : {}) }
  if (noun === 'content_type') {
    const content_type = things.types.get(`${told.branch} ${uid as string}`) ?? { uid, title }
    return { module: 'content_type', event, data: { content_type, ...branch } }
  }
  if (noun === 'asset') {
    const asset = things.assets.get(message.id) ?? known
    return { module: 'asset', event, data: { asset, ...branch } }
  }
  const content_type = things.types.get(`${told.branch} ${content_type_uid as string}`) ?? {
    uid: content_type_uid,
  }
  const entry = things.entries.get(message.id) ?? known
  return { module: 'entry', event, data: { entry, content_type, ...branch } }
}

function tellItem(message: Message, deployment: ToldDeployment, { things, releases }: Reading): Told {
  const item = message.item!
  const { branch = '', uid = item.item_key, locale = '' } = readContentKey(item.item_key) ?? {}
  const action = actionOf(item)
  const failed = item.outcome === 'failed'
  const environment = things.environments.get(deployment.environment_id)
  const what =
    item.kind === assetKind
      ? { asset: things.assets.get(message.id) ?? { uid, title: item.title } }
      : {
          entry: things.entries.get(message.id) ?? { uid, title: item.title, locale },
          content_type: things.types.get(`${branch} ${item.kind}`) ?? { uid: item.kind },
        }
  const release = deployment.one_shot ? undefined : releases.releases.get(deployment.release_id)
  return {
    module: item.kind === assetKind ? 'asset' : 'entry',
    event: failed ? `${action}.fail` : action,
    data: {
      ...{ ...what, environment, action, status: failed ? 'failed' : 'success', locale },
      ...(failed
        ? { error: item.reason }
        : { surrogate_keys: purged(environment?.uid, [{ uid, kind: item.kind }]) }),
      ...branchPart(message),
    },
    ...(release && { source: { type: 'release', title: release.name, uid: release.uid } }),
  }
}

function tellDeployment(deployment: ToldDeployment, { things, releases }: Reading): Told {
  const items = releases.items.get(deployment.id) ?? []
  const environment = things.environments.get(deployment.environment_id)
  const release = releases.releases.get(deployment.release_id)
  const changed = items.flatMap(({ key, kind }) => {
    const uid = readContentKey(key)?.uid
    return uid === undefined ? [] : [{ uid, kind }]
  })
  return {
    module: 'release',
    event: 'deploy',
    data: {
      release: { ...release, items: writeItems(items) },
      ...{ environment, action: 'deploy', status: statusWord(deployment.state) },
      ...{ job_id: deployment.request_id, counts: deployment.counts },
      surrogate_keys: purged(environment?.uid, changed),
    },
  }
}

/** The vendor's page says that it is a summary with these counts; the names of its fields are ours. */
function tellJob(deployment: ToldDeployment, { things }: Reading): Told {
  // Where nothing had to be done, nothing was counted.
  const idle = deployment.state === 'unchanged' ? deployment.item_count : 0
  const { done = 0, unchanged = idle, failed = 0, left = 0 } = deployment.counts
  const action = deployment.first_action === 'unpublish' ? 'unpublish' : 'publish'
  return {
    module: 'job',
    event: `${action}.completed`,
    data: {
      job_id: deployment.request_id,
      environment: things.environments.get(deployment.environment_id),
      ...{ action, status: statusWord(deployment.state) },
      ...{ total_count: done + unchanged + failed + left, success_count: done },
      ...{ skipped_count: unchanged + left, failed_count: failed },
    },
  }
}

function branchPart(message: Message): { branch?: object } {
  const [uid] = branchOf(message)
  return uid === undefined ? {} : { branch: { uid, source: '', alias: [] } }
}

/** The vendor puts `cs` before keys that begin with a dollar sign. */
function withoutDollars(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDollars)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(
    entries.map(([key, inner]) => [key.startsWith('$') ? `cs${key}` : key, withoutDollars(inner)]),
  )
}
