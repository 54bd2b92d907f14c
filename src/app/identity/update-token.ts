import { isDeepStrictEqual } from 'node:util'
import { DomainError, invalidField } from '#domain/errors.ts'
import { sha256 } from '#ground/secrets.ts'
import type { Annotations } from '#store/columns.ts'
import { findTokenBySecret, updateToken as updateRow, type TokenRow } from '#store/token.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { allowToken } from './allow-token.ts'
import { holdToken, type WhichToken } from './get-token.ts'
import { checkTokenEnvironments, checkTokenFields } from './token-fields.ts'
import { viewToken, type TokenView } from './token-view.ts'

export interface TokenChange {
  name?: string
  description?: string
  scopes?: readonly string[]
  environment_ids?: readonly string[] | null
  branches?: readonly string[] | null
  expires_at?: Date | null
  annotations?: Annotations
}

/** What is left out stays. Changes nothing, and records nothing, when nothing differs. */
export async function updateToken(ctx: Context, input: WhichToken & TokenChange): Promise<TokenView> {
  const { token } = await transact(ctx, async (unit) => {
    const held = await holdToken(ctx, unit.tx, input)
    const { name, description, scopes, environment_ids, branches, expires_at, annotations } = input
    const change = { name, description, scopes, environment_ids, branches, expires_at, annotations }
    return changeTokenIn(ctx, unit, held, change)
  })
  return token
}

/**
 * Changes a token whose row is held and which the caller may see to. Only a configuration file moves a token to
 * another user or gives it another secret. The caller forgets principals when it has committed.
 */
export async function changeTokenIn(
  ctx: Context,
  unit: Unit,
  held: TokenRow,
  input: TokenChange & { user_id?: string | null; secret?: string },
): Promise<{ token: TokenView; changed: boolean }> {
  const before = viewToken(held)
  checkTokenFields(input)
  if (input.scopes?.length === 0) throw invalidField('scopes', 'required', 'is required')
  if (before.kind === 'delivery' && input.environment_ids !== undefined && !input.environment_ids?.length)
    throw invalidField('environment_ids', 'required', 'is required for a delivery token')
  const { secret, ...fields } = input
  const change = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  const after: TokenView = { ...before, ...change }
  const reveals = secret !== undefined && !(await opens(unit, held, secret))
  if (!reveals && isDeepStrictEqual(after, before)) return { token: before, changed: false }
  if (input.environment_ids) await checkTokenEnvironments(unit.tx, after.project_id, input.environment_ids)
  await allowToken(ctx, unit.tx, after, before)
  const row = await updateRow(unit.tx, before.id, {
    ...{ name: after.name, description: after.description, user_id: after.user_id, scopes: after.scopes },
    ...{ environment_ids: after.environment_ids, branches: after.branches, expires_at: after.expires_at },
    ...(reveals && { secret_sha256: sha256(secret) }),
    annotations: JSON.stringify(after.annotations),
    updated_at: ctx.now(),
  })
  const { id, project_id, name, scopes } = after
  const data = { name, scopes, secret: reveals ? 'changed' : 'kept' }
  unit.record({ kind: 'token.updated', project_id, subject_id: id, data })
  return { token: row ? viewToken(row) : after, changed: true }
}

/** Whether the secret is this token's. Throws `already_exists` when it is another's. */
async function opens({ tx }: Unit, held: TokenRow, secret: string): Promise<boolean> {
  const owner = await findTokenBySecret(tx, sha256(secret))
  if (owner && owner.id !== held.id) throw new DomainError('already_exists', { what: 'token', id: held.name })
  return owner !== undefined
}
