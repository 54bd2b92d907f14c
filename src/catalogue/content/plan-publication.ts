import { readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { Change } from '#domain/plan.ts'
import { listPlanDoubts, type PlanDoubt, type PlanQuestion } from '#store/content-pin.ts'
import { listContentTypesById } from '#store/content-type.ts'
import type { Db } from '#store/database.ts'
import type { Field } from './field.ts'
import { checkEntry } from './read-entry.ts'

type Fault = NonNullable<Change['fault']>

/**
 * The changes with a fault on each that cannot be published: its version is not there, its item was deleted, or it
 * does not keep the rules that its content type has now. One statement for any number; only what was written by
 * other rules is read and checked again. A plan that `restores` puts back what was live before, which kept the rules of its
 * time: nobody is kept from going back by rules that came later.
 */
export async function checkPublication(
  db: Db,
  projectId: string,
  changes: readonly Change[],
  restores = false,
): Promise<Change[]> {
  const faults = new Map<number, Fault>()
  const asked = changes.flatMap((change, n) => readQuestion(change, n, faults))
  const doubts = asked.length > 0 ? await listPlanDoubts(db, { project_id: projectId, asked }) : []
  const fieldsOf = restores ? new Map<string, readonly Field[]>() : await readTypes(db, doubts)
  for (const doubt of doubts) {
    const fault = faultOfItem(doubt) ?? (restores ? undefined : faultOfRules(doubt, fieldsOf))
    if (fault) faults.set(doubt.n, fault)
  }
  if (faults.size === 0) return [...changes]
  return changes.map((change, n) => {
    const fault = faults.get(n)
    return fault ? { ...change, fault } : change
  })
}

function readQuestion(change: Change, n: number, faults: Map<number, Fault>): PlanQuestion[] {
  if (change.action !== 'publish') return []
  const key = readContentKey(change.key)
  const pin = key && readContentVersion(change.after ?? '', key.locale)
  if (!key || !pin) {
    faults.set(n, {
      code: 'item_missing',
      reason: `${change.key} at ${change.after} is no version of an item.`,
    })
    return []
  }
  return [{ n, branch: key.branch, uid: key.uid, source_locale: pin.source_locale, version: pin.version }]
}

/** The fields of the content types in doubt, each once. */
async function readTypes(db: Db, doubts: readonly PlanDoubt[]): Promise<Map<string, readonly Field[]>> {
  const ids = [...new Set(doubts.flatMap(({ data, type_id }) => (data && type_id ? [type_id] : [])))]
  const types = ids.length > 0 ? await listContentTypesById(db, ids) : []
  return new Map(types.map(({ id, fields }) => [id, fields as unknown as Field[]]))
}

function faultOfItem(doubt: PlanDoubt): Fault | undefined {
  if (doubt.item_id === null) return { code: 'item_missing', reason: 'The item is not there.' }
  if (doubt.deleted) return { code: 'item_deleted', reason: 'The item was deleted.' }
  return doubt.version === null || doubt.data === null
    ? { code: 'version_missing', reason: 'The item has no such version.' }
    : undefined
}

function faultOfRules(doubt: PlanDoubt, fieldsOf: ReadonlyMap<string, readonly Field[]>): Fault | undefined {
  const fields = doubt.type_id === null ? undefined : fieldsOf.get(doubt.type_id)
  if (!fields) return { code: 'content_type_missing', reason: 'Its content type is gone.' }
  const [first, ...others] = checkEntry(fields, doubt.data ?? {})
  if (!first) return undefined
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return { code: 'entry_invalid', reason: `${first.field}: ${first.detail}${more}` }
}
