import { finishedKinds } from '#domain/webhook.ts'
import type { EventKind } from '#domain/events.ts'
import { readContentKey } from '#domain/content-key.ts'
import type { ToldEvent, ToldItem } from '#app/webhooks/message-format.ts'
import { assetKind } from '../translate/release.ts'
import { statusWord } from '../status.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'

// The vendor names what a webhook is told of by channels (its page "Webhook Events"): what happens is every channel
// that names it, from the general to the particular, and a webhook is told when it asked for one of them.

const families =
  /^(?:content_types|global_fields|assets|releases|jobs|branch|branch_alias|taxonomies)\.\P{C}{1,300}$/u

/** Whether it names anything at the vendor. Of comments, workflows, variants, taxonomies and the like nothing is told. */
export const isChannel = (channel: string): boolean => families.test(channel)

const publishes = /\.(?:un)?publish(?:\.success|\.fail)?$/
const deploys = /\.deploy(?:\.\w+)?$/
const verbs: { [word: string]: 'created' | 'updated' | 'removed' } = {
  create: 'created',
  update: 'updated',
  delete: 'removed',
}

/** Whether it tells of single entries or assets that were published or unpublished, or failed to be. */
export const tellsOfItems = (channel: string): boolean =>
  publishes.test(channel) && /^(?:content_types|assets)\./.test(channel)

const ends = [
  'deployment.succeeded',
  'deployment.partly_succeeded',
  'deployment.failed',
  'deployment.unchanged',
]
const ended: readonly EventKind[] = finishedKinds.filter((kind) => ends.includes(kind))

/** The kinds of our events among which a channel's are. None: nothing is ever told there. */
export function kindsOf(channels: readonly string[]): EventKind[] {
  return [...new Set(channels.flatMap(kindsOfOne))].toSorted()
}

function kindsOfOne(channel: string): readonly EventKind[] {
  if (tellsOfItems(channel) || (channel.startsWith('releases.') && deploys.test(channel))) return ended
  if (channel.startsWith('jobs.')) return ended
  const verb = verbs[channel.slice(channel.lastIndexOf('.') + 1)]
  if (!verb || /\.(?:variants|comments|discussions|workflows|terms)\./.test(channel)) return []
  if (/^content_types\.(?:[^.]+\.)?entries\./.test(channel)) return [`entry.${verb}`]
  if (channel.startsWith('content_types.')) return [`content_type.${verb}`]
  if (channel.startsWith('assets.')) return [`asset.${verb}`]
  if (!channel.startsWith('releases.')) return []
  return verb === 'updated' ? releaseUpdates : [`release.${verb}`]
}

const releaseUpdates: readonly EventKind[] = [
  'release.updated',
  'release.items_added',
  'release.items_removed',
  'release.items_updated',
]

/** What of an event that is no deployment's end: in the vendor's words, what happened to what. */
export function happened({ kind, data }: Pick<ToldEvent, 'kind' | 'data'>) {
  const [noun = '', verb = ''] = kind.split('.')
  const event = verb === 'created' ? 'create' : verb === 'removed' ? 'delete' : 'update'
  // Moving one says no more than where it lies; every asset has a title.
  const moved = verb === 'updated' && data.title === undefined
  const folder = noun === 'asset' && (data.folder !== undefined || moved)
  return { noun, event, folder } as const
}

/** Every channel of a change to an entry, an asset, a content type or a release. */
export function changeChannels(told: ToldEvent, release: string | undefined): string[] {
  const { noun, event, folder } = happened(told)
  const { uid } = told.data
  const type = told.data.content_type_uid as string
  // A new one has no channel of its own: nobody can know its uid.
  const own = (base: string, name: unknown) => (event === 'create' ? [] : [`${base}.${String(name)}`])
  const bases: { [noun: string]: string[] } = {
    entry: [
      'content_types.entries',
      `content_types.${type}.entries`,
      ...own(`content_types.${type}.entries`, uid),
    ],
    content_type: ['content_types', ...own('content_types', uid)],
    asset: folder ? [] : ['assets', ...own('assets', uid)],
    release: ['releases', ...own('releases', release)],
  }
  return (bases[noun] ?? []).map((base) => `${base}.${event}`)
}

/** An environment as channels name it. */
export interface Place {
  name: string
  uid: string | undefined
}

const within = ({ name, uid }: Place) => ['.environments', `.environments.${name}`, `.environments.${uid}`]

/** Every channel of the end of a release's deployment. One that failed was deployed nowhere: only its status is told. */
export function deployChannels(release: string | undefined, place: Place, state: DeploymentState): string[] {
  const word = statusWord(state)
  const statuses = word === 'failed' ? ['.failed', '.fail'] : ['', `.${word}`]
  const bases = ['releases', `releases.${release}`]
  return bases.flatMap((base) =>
    within(place).flatMap((scope) => statuses.map((status) => `${base}${scope}.deploy${status}`)),
  )
}

/** Every channel of the end of what was published without a named release. */
export function jobChannels(place: Place, action: 'publish' | 'unpublish'): string[] {
  return within(place).map((scope) => `jobs${scope}.${action}.completed`)
}

export const actionOf = ({ action }: Pick<ToldItem, 'action'>) =>
  action === 'unpublish' ? ('unpublish' as const) : ('publish' as const)

/** Every channel of one item of a deployment. */
export function itemChannels(item: ToldItem, place: Place): string[] {
  const uid = readContentKey(item.item_key)?.uid ?? ''
  const action = actionOf(item)
  const tails = item.outcome === 'failed' ? [`${action}.fail`] : [`${action}.success`, action]
  const bases =
    item.kind === assetKind
      ? ['assets', `assets.${uid}`]
      : [
          'content_types.entries',
          `content_types.${item.kind}.entries`,
          `content_types.${item.kind}.entries.${uid}`,
        ]
  return bases.flatMap((base) =>
    [...within(place), ''].flatMap((scope) => tails.map((tail) => `${base}${scope}.${tail}`)),
  )
}
