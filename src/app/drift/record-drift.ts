import { countDrift, isNews, markIgnored } from '#domain/drift.ts'
import type { AttributeChange, DriftedThing } from '#domain/effect.ts'
import type { NewEvent } from '#domain/events.ts'
import { findSaidDrift, insertDrift, type DriftRow } from '#store/drift.ts'
import { listDriftIgnores } from '#store/drift-ignore.ts'
import type { Context, Unit } from '../context.ts'

export interface Seen {
  project_id: string
  environment_id: string
  run_id?: string
  deployment_id?: string
  things: readonly DriftedThing[]
  state_version: number | null
  detail?: string
}

/** As much of what drifted is kept, of each thing, and of each value: a page of many environments is to stay readable. */
const mostThings = 1000
const mostText = 256_000
const mostAttributes = 200
const mostValue = 2000

/**
 * Writes down how an environment was found, and says so where that is news: something drifted that was not known to,
 * or nothing does any more. The caller holds the environment's row.
 */
export async function recordDriftIn(ctx: Context, unit: Unit, seen: Seen): Promise<void> {
  const { project_id, environment_id, run_id = null, deployment_id = null, state_version } = seen
  const at = ctx.now()
  const before = await findSaidDrift(unit.tx, environment_id)
  const rules = await listDriftIgnores(unit.tx, [environment_id])
  const things = markIgnored(seen.things, rules, at)
  const counts = countDrift(things)
  const items = fitting(things.slice(0, mostThings).map(shorten))
  const id = ctx.newId()
  const outcome = counts.drifted > 0 ? 'drifted' : 'clean'
  await insertDrift(unit.tx, {
    ...{ id, environment_id, run_id, deployment_id, outcome, items, ...counts, state_version },
    ...{ detail: seen.detail ?? null, created_at: at },
  })
  const about = { project_id, environment_id, subject_id: id }
  if (outcome === 'drifted' && isNews(before?.items ?? [], items))
    unit.record({ kind: 'drift.found', ...about, data: told(items, counts, run_id) })
  if (outcome === 'clean' && before?.outcome === 'drifted')
    unit.record({ kind: 'drift.cleared', ...about, data: { ...counts, run_id, deployment_id } })
}

/** One of which nothing can be said: it failed, or a deployment was at it meanwhile. */
export async function recordNothingSeenIn(
  ctx: Context,
  unit: Unit,
  {
    environment_id,
    run_id,
    outcome,
    detail,
  }: Pick<DriftRow, 'environment_id' | 'run_id' | 'outcome' | 'detail'>,
): Promise<void> {
  await insertDrift(unit.tx, {
    ...{ id: ctx.newId(), environment_id, run_id, deployment_id: null, outcome, detail },
    ...{ items: [], drifted: 0, ignored: 0, state_version: null, created_at: ctx.now() },
  })
}

/** Names only: values can be read by who may. */
function told(
  items: readonly DriftedThing[],
  counts: ReturnType<typeof countDrift>,
  run_id: string | null,
): NonNullable<NewEvent['data']> {
  const named = items
    .filter(({ ignored }) => !ignored)
    .slice(0, mostTold)
    .map(({ item_key, address, action, attributes }) => ({
      ...{ item: item_key, address, action },
      attributes: attributes.slice(0, mostTold).map(({ attribute }) => attribute),
    }))
  return { ...counts, run_id, items: named }
}

const mostTold = 50

/** The first of them that fit, and one in any case. */
function fitting(things: readonly DriftedThing[]): DriftedThing[] {
  let length = 0
  const end = things.findIndex((thing) => (length += JSON.stringify(thing).length) > mostText)
  return end === -1 ? [...things] : things.slice(0, Math.max(1, end))
}

function shorten(thing: DriftedThing): DriftedThing {
  return { ...thing, attributes: thing.attributes.slice(0, mostAttributes).map(shortenChange) }
}

function shortenChange<T extends AttributeChange>(change: T): T {
  return { ...change, before: shortenValue(change.before), after: shortenValue(change.after) }
}

function shortenValue(value: AttributeChange['before']): AttributeChange['before'] {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= mostValue) return value
  return `${text.slice(0, mostValue).toWellFormed()}… (${text.length} characters)`
}
