import { isDeepStrictEqual } from 'node:util'
import { invalidField } from '#domain/errors.ts'
import { isZone } from '#domain/freeze-rule.ts'
import type { JsonObject } from '#domain/json.ts'
import {
  ensureInfraEnvironment,
  findInfraEnvironment,
  updateInfraEnvironment,
  type InfraEnvironmentRow,
} from '#store/infra-environment.ts'
import { listInfraVariables } from '#store/infra-variable.ts'
import { authorize } from '../authorize.ts'
import type { Context, Unit } from '../context.ts'
import { isBranchName } from '../repositories/head-of.ts'
import { openValueOr } from './secret-value.ts'
import { setVariableIn } from './set-variable.ts'

interface Place {
  project_id: string
  environment_id: string
  /** `platform/production`, for the lines. */
  label: string
}

/** What a file says of an environment of infrastructure. What is left out stays as it is. */
export interface DeclaredInfraEnvironment {
  variables?: Record<string, string>
  secrets?: Record<string, string>
  /** Null: it is not looked at by itself. */
  drift?: { cron: string | null; time_zone?: string }
}

/** What modules and artifacts ask of it. */
export interface InfraFacts {
  cloud?: string
  time_zone?: string
  release_stream?: string | null
  branch?: string | null
  facts?: JsonObject
}

/** Variables, secrets and times of an environment, in the caller's transaction. Answers what it did, a line each. */
export async function declareInfraEnvironmentIn(
  ctx: Context,
  unit: Unit,
  { label, ...place }: Place,
  { variables = {}, secrets = {}, drift }: DeclaredInfraEnvironment,
): Promise<string[]> {
  const { project_id, environment_id } = place
  authorize(ctx, 'environment.admin', { project_id })
  await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: ctx.now() })
  const said = [
    ...Object.entries(variables).map(([name, value]) => ({ name, value, secret: false })),
    ...Object.entries(secrets).map(([name, value]) => ({ name, value, secret: true })),
  ]
  const twice = Object.keys(secrets).find((name) => Object.hasOwn(variables, name))
  if (twice) throw invalidField(`secrets.${twice}`, 'not_unique', 'is among the variables too')
  const lines: string[] = []
  const before = new Map(
    said.length === 0
      ? []
      : (await listInfraVariables(unit.tx, environment_id)).map((row) => [row.name, row] as const),
  )
  for (const one of said) {
    const known = before.get(one.name)
    const value = known && (known.secret ? openValueOr(ctx.vault, known) : known.value)
    if (known?.secret === one.secret && value === one.value) continue
    await setVariableIn(ctx, unit, { ...place, ...one })
    lines.push(`${known ? '~' : '+'} ${one.secret ? 'secret' : 'variable'} ${label} ${one.name}`)
  }
  if (drift && (await declareDrift(ctx, unit, place, drift))) lines.push(`~ environment ${label} drift`)
  return lines
}

async function declareDrift(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id }: Omit<Place, 'label'>,
  { cron, time_zone }: NonNullable<DeclaredInfraEnvironment['drift']>,
): Promise<boolean> {
  const before = (await findInfraEnvironment(unit.tx, environment_id))!
  const zone = time_zone ?? before.drift_time_zone
  if (cron === before.drift_cron && zone === before.drift_time_zone) return false
  if (!isZone(zone)) throw invalidField('drift.time_zone', 'invalid', `${zone.slice(0, 60)} is no time zone`)
  const next_drift_at = cron === null ? null : await nextTime(cron, zone, ctx.now())
  await updateInfraEnvironment(unit.tx, {
    environment_id,
    ...{ drift_cron: cron, drift_time_zone: zone, next_drift_at },
    updated_at: ctx.now(),
  })
  const data = { drift: cron === null ? null : { cron, time_zone: zone } }
  unit.record({ kind: 'environment.updated', project_id, environment_id, data })
  if (next_drift_at) unit.wake({ name: 'detect-drift', data: { environment_id }, after: next_drift_at })
  return true
}

/** The clock's library is read only by who needs it. */
async function nextTime(cron: string, zone: string, now: Date): Promise<Date | null> {
  const { isCutCron, nextCut } = await import('#domain/cut-time.ts')
  if (!isCutCron(cron, zone, now)) {
    const detail = 'must be five fields (minute, hour, day, month, weekday) that some time matches'
    throw invalidField('drift.cron', 'invalid', detail)
  }
  return nextCut(cron, zone, now)
}

/** Whether anything differed. Throws `invalid`. */
export async function declareInfraFactsIn(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id }: Omit<Place, 'label'>,
  said: InfraFacts,
): Promise<boolean> {
  authorize(ctx, 'environment.admin', { project_id })
  if (said.time_zone !== undefined && !isZone(said.time_zone))
    throw invalidField('time_zone', 'invalid', `${said.time_zone.slice(0, 60)} is no time zone`)
  if (typeof said.branch === 'string' && !isBranchName(said.branch))
    throw invalidField('branch', 'invalid', 'is no name that git has for a branch')
  await ensureInfraEnvironment(unit.tx, { environment_id, updated_at: ctx.now() })
  const before = (await findInfraEnvironment(unit.tx, environment_id))!
  const changed = Object.entries(said).filter(
    ([column, value]) =>
      value !== undefined && !isDeepStrictEqual(before[column as keyof InfraEnvironmentRow], value),
  )
  if (changed.length === 0) return false
  const values = changed.map(([column, value]) => [
    column,
    column === 'facts' ? JSON.stringify(value) : value,
  ])
  await updateInfraEnvironment(unit.tx, {
    environment_id,
    ...Object.fromEntries(values),
    updated_at: ctx.now(),
  })
  const data = { infra: changed.map(([column]) => column) }
  unit.record({ kind: 'environment.updated', project_id, environment_id, data })
  return true
}
