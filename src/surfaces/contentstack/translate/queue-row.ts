import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import type { QueueRow, QueueStanding, QueueView } from '#app/publish-queue/list-queue.ts'
import type { UidOf } from '../ids.ts'
import type { QueueRowAnswer } from '../wire-answers/publish-queue.ts'
import { writeTime } from './time.ts'

export type QueueWord =
  | 'scheduled'
  | 'pending'
  | 'in_progress'
  | 'success'
  | 'partial'
  | 'skipped'
  | 'failed'
  | 'canceled'

/** The vendor's word for a release's row (section 2.8). */
const releaseWords: Record<DeploymentState | 'scheduled', QueueWord> = {
  scheduled: 'scheduled',
  // Its time has come, and something keeps it waiting.
  requested: 'pending',
  queued: 'in_progress',
  planning: 'in_progress',
  awaiting_approval: 'pending',
  applying: 'in_progress',
  canceling: 'in_progress',
  unchanged: 'success',
  succeeded: 'success',
  planned: 'success',
  partly_succeeded: 'partial',
  failed: 'failed',
  invalid: 'failed',
  expired: 'failed',
  rejected: 'failed',
  canceled: 'canceled',
}

/** And for an item's. */
const itemWords: Record<QueueStanding, QueueWord> = {
  ...releaseWords,
  done: 'success',
  unchanged: 'skipped',
  left: 'skipped',
}

/** Where rows stand that are told of in this word: releases', and items'. */
export function standingsOf(word: string): { releases: string[]; items: string[] } {
  const those = (words: { [standing: string]: QueueWord }) =>
    Object.keys(words).filter((standing) => words[standing] === word)
  return { releases: those(releaseWords), items: those(itemWords) }
}

export function queueWord({ item_key, standing }: Pick<QueueRow, 'item_key' | 'standing'>): QueueWord {
  return item_key === null ? releaseWords[standing as DeploymentState] : itemWords[standing]
}

const digits = { number: 10, position: 6 } as const

/** `blt` and 16 hexadecimal digits: ten name the deployment, six the item in it. */
function queueUid({ number, position }: Pick<QueueRow, 'number' | 'position'>): string {
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0')
  return `blt${hex(number, digits.number)}${hex(position, digits.position)}`
}

export function readQueueUid(uid: string): { number: number; position: number } | undefined {
  const [, number, position] = /^blt([0-9a-f]{10})([0-9a-f]{6})$/.exec(uid) ?? []
  if (number === undefined || position === undefined) return undefined
  return { number: Number.parseInt(number, 16), position: Number.parseInt(position, 16) }
}

export interface QueueNames {
  api_key: string
  environments: UidOf
  users: UidOf
  releases: UidOf
}

/** A row as the vendor writes it: one for each release and environment, one for each item and environment. */
export function writeQueueRow(row: QueueView, names: QueueNames, branch?: string): QueueRowAnswer {
  const user = names.users(row.requested_by)
  const at = row.finished_at ?? row.due_at
  const word = queueWord(row)
  return {
    ...{ _id: queueUid(row), uid: queueUid(row), stack: names.api_key },
    ...(row.item_key === null ? releasePart(row, names) : itemPart(row, row.item_key)),
    action: row.action,
    environment: [names.environments(row.environment_id) ?? ''],
    publish_details: { status: word, ...messageOf(row, word) },
    ...{ user, created_by: user, updated_by: user },
    ...{ created_at: writeTime(row.requested_at), updated_at: writeTime(row.updated_at) },
    published_at: word === 'success' || word === 'partial' ? at && writeTime(at) : null,
    ...(row.due_at === null ? {} : { scheduled_at: writeTime(row.due_at) }),
    ...approvalOf(row.state),
    bulkJobId: row.request_id,
    ...(branch === undefined ? {} : { _branch: row.branch ?? branch }),
  }
}

function releasePart(row: QueueRow, { releases }: QueueNames) {
  const uid = releases(row.release_id) ?? ''
  const skip_items_webhook_trigger = row.annotations['contentstack/skip_items_webhook_trigger'] === true
  const release = { uid, title: row.release_name }
  return { type: 'release', entry: { uid, title: row.release_name, skip_items_webhook_trigger, release } }
}

function itemPart({ kind, title, version, type_title }: QueueRow, key: string) {
  const { uid = key, locale = '' } = readContentKey(key) ?? {}
  const pin = version === null ? undefined : readContentVersion(version, locale)
  const entry = { uid, title, locale: pin?.source_locale ?? locale, version: pin?.version ?? null }
  if (kind === 'asset') return { type: 'asset', entry, locale: [locale] }
  const content_type = { uid: kind ?? '', title: type_title ?? kind ?? '' }
  return { type: 'entry', entry, locale: [locale], content_type }
}

function approvalOf(state: DeploymentState): Pick<QueueRowAnswer, 'approval' | 'approved' | 'rejected'> {
  const approval = state === 'awaiting_approval'
  const rejected = state === 'rejected'
  return { approval, approved: !approval && !rejected, rejected }
}

function messageOf(row: QueueView, word: QueueWord): { message?: string; error?: string } {
  // What became of the others is told where it became of them.
  if (word === 'success') return {}
  const why = row.blockers.map(({ detail, who }) => (who ? `${detail} Who: ${who}.` : detail)).join(' ')
  const said = why === '' ? reasonOf(row) : why
  if (said === undefined) return {}
  return word === 'failed' || word === 'skipped' ? { message: said, error: said } : { message: said }
}

/** What there is to say of where a row stands. */
export function reasonOf({ item_key, kind, action, standing, reason }: QueueRow): string | undefined {
  const noun = kind === 'asset' ? 'asset' : 'entry'
  const already = action === 'publish' ? 'already' : 'not'
  if (item_key !== null && standing === 'unchanged')
    return `The ${noun} is ${already} published in the specified environment and locale.`
  if (reason !== null) return reason
  return waits[standing]
}

const waits: { [S in QueueStanding]?: string } = {
  requested: 'It waits until it may begin.',
  awaiting_approval: 'It waits for approval.',
  left: 'It was left as it is, because the rest could not be done.',
  rejected: 'It was rejected.',
  expired: 'Its time passed.',
  canceled: 'It was canceled.',
}
