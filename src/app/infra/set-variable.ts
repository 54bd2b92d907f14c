import { DomainError, invalidField } from '#domain/errors.ts'
import { lockInfraVariable, putInfraVariable, type InfraVariableRow } from '#store/infra-variable.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { requireVersion } from '../require-version.ts'
import { requireInfraPlace } from './infra-place.ts'
import { sealValue } from './secret-value.ts'
import { viewVariable, type VariableView } from './variable-view.ts'

export interface VariableInput {
  project_id: string
  environment_id: string
  name: string
  value: string
  secret?: boolean
  /** The one that the caller saw. */
  version?: number
}

/** What a blueprint can name, and Terraform too. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/

/**
 * Gives an environment a value that its blueprint refers to by name. It is there from the next release on. Throws
 * `invalid`, `version_conflict`.
 */
export function setVariable(
  ctx: Context,
  input: VariableInput,
): Promise<{ variable: VariableView; created: boolean }> {
  const { project_id, environment_id } = input
  authorize(ctx, 'environment.admin', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    await requireInfraPlace(unit.tx, { project_id, environment_id })
    const before = await lockInfraVariable(unit.tx, environment_id, input.name)
    if (input.version !== undefined && !before)
      throw new DomainError('not_found', { what: 'variable', id: input.name })
    if (before) requireVersion('variable', { ...before, id: before.name }, input.version)
    const secret = input.secret ?? before?.secret ?? false
    const row = await setVariableIn(ctx, unit, { ...input, secret })
    return { variable: viewVariable(row), created: before === undefined }
  })
}

/** In the caller's transaction; the caller authorises. */
export async function setVariableIn(
  ctx: Context,
  unit: Unit,
  { project_id, environment_id, name, value, secret = false }: VariableInput,
): Promise<InfraVariableRow> {
  if (!namePattern.test(name))
    throw invalidField('name', 'invalid', 'must be letters, digits, _ and -, and begin with a letter or _')
  if (value.includes('\0') || !value.isWellFormed())
    throw invalidField('value', 'invalid', 'holds a character that is none')
  if (value.length > 100_000) throw invalidField('value', 'too_long', 'is longer than 100000 characters')
  const place = { environment_id, name }
  const row = await putInfraVariable(unit.tx, {
    ...place,
    value: secret ? sealValue(ctx.vault, place, value) : value,
    secret,
    updated_by: authorIn(ctx),
    updated_at: ctx.now(),
  })
  const data = { name, secret, version: row.version, ...(secret ? {} : { value: value.slice(0, 200) }) }
  unit.record({ kind: 'variable.set', project_id, environment_id, data })
  return row
}
