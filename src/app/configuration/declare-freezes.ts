import { listDeclaredFreezes, type FreezeRow } from '#store/freeze.ts'
import type { Context, Unit } from '../context.ts'
import { liftFreezeIn } from '../freezes/lift-freeze.ts'
import { setFreezeIn } from '../freezes/set-freeze.ts'
import type { DeclaredFreeze } from './configuration-schema.ts'
import { within } from './placing.ts'

interface Place {
  project_id: string
  environment_id: string
  /** `website/production`, for the lines. */
  label: string
  /** Where the list stands in the project's part of the file. */
  path: string
}

/**
 * Makes the freezes that a file declares for an environment what it says, by name; one that it names no more is
 * lifted, those that people set are left alone. Answers what it did, a line each.
 */
export async function declareFreezes(
  ctx: Context,
  unit: Unit,
  { label, path, ...place }: Place,
  declared: readonly DeclaredFreeze[],
): Promise<string[]> {
  const lines: string[] = []
  const known = new Map(
    (await listDeclaredFreezes(unit.tx, place.environment_id)).map((row) => [row.name, row]),
  )
  for (const [index, freeze] of declared.entries()) {
    const before = known.get(freeze.name)
    known.delete(freeze.name)
    if (before && isSame(before, freeze)) continue
    if (before) await liftFreezeIn(ctx, unit, before, 'The configuration says otherwise now.')
    const { name, reason, ...rule } = freeze
    // A rule that begins on no certain day goes on from the day it was first declared.
    const starts_on = rule.starts_on ?? before?.starts_on ?? undefined
    const wanted = { ...rule, ...(starts_on === undefined ? {} : { starts_on }) }
    await within(`${path}.${index}`, () =>
      setFreezeIn(ctx, unit, {
        ...place,
        ...{ name, rule: wanted, origin: 'configuration' },
        ...(reason === undefined ? {} : { reason }),
      }),
    )
    lines.push(`${before ? '~' : '+'} freeze ${label} ${name}`)
  }
  for (const gone of known.values()) {
    await liftFreezeIn(ctx, unit, gone, 'The configuration does not name it any more.')
    lines.push(`- freeze ${label} ${gone.name}`)
  }
  return lines
}

function isSame(
  row: FreezeRow,
  { rrule, start, duration_minutes, time_zone, starts_on, reason }: DeclaredFreeze,
) {
  return (
    row.rrule === rrule &&
    row.start === start &&
    row.duration_minutes === duration_minutes &&
    row.time_zone === time_zone &&
    (starts_on === undefined || row.starts_on === starts_on) &&
    row.reason === (reason ?? null)
  )
}
