import { publishInBulk, type BulkItem } from '#app/bulk/publish-in-bulk.ts'
import { removeInBulk } from '#app/bulk/remove-in-bulk.ts'
import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import type { bulk } from '../endpoints/bulk.ts'
import { environmentFinder } from '../find-environments.ts'
import { limitsOf, refuseMore, type LimitName } from '../limits.ts'
import { refuseWriting } from '../management-scope.ts'
import { flag } from '../query.ts'
import { renamingFaults } from '../rename-faults.ts'
import { answering, takes, type Routes, type StackCall } from '../route.ts'
import { readSchedule } from '../translate/time.ts'
import { JobNotice } from '../wire-answers/bulk.ts'
import { BulkDelete, BulkPublish } from '../wire/bulk.ts'
import { bulkJobRoutes } from './bulk-jobs.ts'
import { bulkReleaseRoutes } from './bulk-release.ts'

type Sent = Pick<BulkPublish, 'entries' | 'assets'>

export const bulkRoutes: Routes<typeof bulk> = {
  ...bulkReleaseRoutes,
  ...bulkJobRoutes,
  publish: doing('publish'),
  unpublish: doing('unpublish'),

  /** With a locale only what is written there goes, as for a single entry. */
  remove: answering(
    JobNotice,
    takes(BulkDelete, async (call: StackCall, body) => {
      const { entries, assets } = named(call, body)
      await refuseMoreThan(call, 'bulk_items_to_delete', [...entries, ...assets])
      const { job_id } = await removeInBulk(call.ctx, {
        ...{ project_id: call.project_id, branch: call.branch },
        entries: entries.map(({ uid, kind: content_type_uid, locale }) => ({
          ...{ uid, content_type_uid },
          ...(locale === undefined ? {} : { locale }),
        })),
        assets: assets.map(({ uid }) => ({ uid })),
      })
      return {
        notice: 'Your bulk delete request is in progress. Please check bulk task queue for more details.',
        job_id,
      }
    }),
  ),
}

/**
 * A deployment for each environment, under one request id, which is the job's. `skip_workflow_stage_check` and
 * `approvals` are taken, in headers as in the query, and do nothing: there are no workflows to skip (section 3.8).
 */
function doing(action: 'publish' | 'unpublish') {
  return answering(
    JobNotice,
    takes(BulkPublish, async (call: StackCall, body) => {
      const { ctx, project_id, branch, query } = call
      const of = await limitsOf(call)
      const due_at = readSchedule(body, ctx.now(), of)
      const items = itemsOf(named(call, body))
      const locales = [...new Set(body.locales ?? [])]
      await refuseMoreThan(call, 'bulk_items', items)
      await refuseMoreThan(call, 'bulk_locales', locales)
      await refuseMoreThan(call, 'bulk_environments', body.environments)
      const find = await environmentFinder(call)
      const environment_ids = body.environments.map((name) => {
        const environment = find(name)
        if (environment) return environment.id
        throw new DomainError('not_found', { what: 'environment', id: name })
      })
      const nested = flag(query, 'nested')
      const { job_id } = await renamingFaults(placeIn(body), () =>
        publishInBulk(ctx, {
          ...{ project_id, branch, action, items, environment_ids },
          locales: flag(query, 'publish_all_localized') ? 'written' : locales,
          with_references: nested || (body.publish_with_reference ?? false),
          ...(due_at ? { due_at } : {}),
        }),
      )
      const notice = `Your bulk ${action} request is in progress. Please check publish queue for more details.`
      return { notice, job_id }
    }),
  )
}

/** Entries before assets. */
function itemsOf({ entries, assets }: Named): BulkItem[] {
  return [
    ...entries.map(({ uid, kind, version = null, locale }) => ({
      ...{ uid, kind, version },
      ...(locale === undefined ? {} : { locale }),
    })),
    // All versions of an asset are the master's, whatever its languages are said to be.
    ...assets.map(({ uid, version = null }) => ({ uid, version, kind: 'asset' })),
  ]
}

interface Named {
  entries: (NonNullable<Sent['entries']>[number] & { kind: string })[]
  assets: NonNullable<Sent['assets']>
}

/**
 * Throws `forbidden` where the caller's token writes only the other sort, and `invalid` where nothing is named, or
 * something without a uid or a content type.
 */
function named({ token }: StackCall, { entries = [], assets = [] }: Sent): Named {
  if (entries.length > 0) refuseWriting(token, ['entry'])
  if (assets.length > 0) refuseWriting(token, ['asset'])
  if (entries.length + assets.length === 0)
    throw invalidField('entries', 'required', 'Name at least one entry or asset.')
  const kinds = entries.map(
    (entry) => entry.content_type ?? entry.content_type_uid ?? entry._content_type_uid,
  )
  const required = (field: string): FieldFault => ({ field, fault: 'required', detail: '' })
  const faults = [
    ...entries.flatMap(({ uid }, index) => (uid === '' ? [required(`entries.${index}.uid`)] : [])),
    ...kinds.flatMap((kind, index) =>
      kind === undefined ? [required(`entries.${index}.content_type`)] : [],
    ),
    ...assets.flatMap(({ uid }, index) => (uid === '' ? [required(`assets.${index}.uid`)] : [])),
  ]
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
  return { entries: entries.map((entry, index) => ({ ...entry, kind: kinds[index] ?? '' })), assets }
}

/** Faults stand where the request has the item; of an asset there is no content type to be wrong about. */
function placeIn({ entries = [] }: Sent): (field: string) => string {
  return (field) =>
    field.replace(/^items\.(\d+)\.(\w+)$/, (_, index: string, word: string) => {
      const n = Number(index)
      if (n < entries.length) return `entries.${n}.${word === 'content_type_uid' ? 'content_type' : word}`
      return `assets.${n - entries.length}.${word === 'content_type_uid' ? 'uid' : word}`
    })
}

async function refuseMoreThan(call: StackCall, name: LimitName, items: readonly unknown[]): Promise<void> {
  refuseMore(await limitsOf(call), name, items)
}
