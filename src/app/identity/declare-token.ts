import { findTokenByName } from '#store/token.ts'
import { authorize } from '../authorize.ts'
import type { Context, Unit } from '../context.ts'
import { createTokenIn, type NewToken } from './create-token.ts'
import { changeTokenIn } from './update-token.ts'

export type DeclaredToken = NewToken & { secret: string }

/**
 * A token as a configuration file has it: found again by project, kind and name, made where it is missing, changed
 * where it differs. The caller forgets principals when it has committed.
 */
export async function declareTokenIn(
  ctx: Context,
  unit: Unit,
  input: DeclaredToken,
): Promise<'created' | 'updated' | 'unchanged'> {
  // Who applies the file does not become the owner of what it names.
  const { kind, name, project_id = null, user_id = null } = input
  authorize(ctx, 'token.admin', { project_id })
  const known = await findTokenByName(unit.tx, { project_id, kind, name })
  if (!known) {
    await createTokenIn(ctx, unit, { ...input, user_id })
    return 'created'
  }
  const { description, scopes, environment_ids, branches, expires_at, secret } = input
  const annotations = input.annotations && { ...known.annotations, ...input.annotations }
  const change = { description, scopes, environment_ids, branches, expires_at, user_id, secret, annotations }
  const { changed } = await changeTokenIn(ctx, unit, known, change)
  return changed ? 'updated' : 'unchanged'
}
