import { DomainError, invalidField } from '#domain/errors.ts'
import { sha256 } from '#ground/secrets.ts'
import type { Annotations } from '#store/columns.ts'
import type { Db } from '#store/database.ts'
import { findProject } from '#store/project.ts'
import { countTokens, insertToken } from '#store/token.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { holdProject } from '../projects/hold-project.ts'
import { allowToken } from './allow-token.ts'
import { makeSecret, type SecretShape } from './make-secret.ts'
import { checkTokenEnvironments, checkTokenFields } from './token-fields.ts'
import { viewToken, type TokenView } from './token-view.ts'

export interface NewToken {
  kind: 'service' | 'delivery'
  project_id?: string | null
  /** A service token's user; left out, the maker's. A delivery token belongs to its project. */
  user_id?: string | null
  name: string
  description?: string
  /** A service token says what it may do. A delivery token reads what is live. */
  scopes?: readonly string[]
  environment_ids?: readonly string[] | null
  branches?: readonly string[] | null
  expires_at?: Date | null
  annotations?: Annotations
  /** Fixed by hand: 8 to 128 visible characters. */
  secret?: string
  secret_shape?: SecretShape
  /** How many tokens of this kind the project may have then. */
  most?: number
}

/** The secret is told here and never again. Throws `forbidden` where it would give more than its maker has. */
export function createToken(ctx: Context, input: NewToken): Promise<{ token: TokenView; secret: string }> {
  return transact(ctx, (unit) => createTokenIn(ctx, unit, input))
}

/** The same inside the caller's transaction. */
export async function createTokenIn(
  ctx: Context,
  unit: Unit,
  input: NewToken,
): Promise<{ token: TokenView; secret: string }> {
  const project_id = input.project_id ?? null
  authorize(ctx, 'token.admin', { project_id })
  checkTokenFields(input)
  if (input.most !== undefined && project_id !== null)
    await refuseOneMore(unit.tx, { project_id, kind: input.kind, most: input.most })
  const secret = input.secret ?? makeSecret(input.secret_shape)
  const token = await settle(ctx, unit.tx, input, project_id)
  const row = await insertToken(unit.tx, {
    ...token,
    annotations: JSON.stringify(token.annotations),
    secret_sha256: sha256(secret),
  })
  if (!row) throw new DomainError('already_exists', { what: 'token', id: input.name })
  const { kind, name, scopes, user_id } = token
  unit.record({
    kind: 'token.created',
    project_id,
    subject_id: token.id,
    data: { kind, name, scopes, user_id },
  })
  return { token: viewToken(row), secret }
}

/** Throws `limit_reached` where the project has as many already. Who makes another one at once is waited for. */
async function refuseOneMore(
  tx: Db,
  { project_id, kind, most }: { project_id: string; kind: NewToken['kind']; most: number },
): Promise<void> {
  await holdProject(tx, project_id)
  if ((await countTokens(tx, { project_id, kind })) < most) return
  throw new DomainError('limit_reached', { limit: 'tokens of this kind in a project', most })
}

/** The token as it will stand, allowed to its maker. */
async function settle(ctx: Context, db: Db, input: NewToken, project_id: string | null): Promise<TokenView> {
  const { kind } = input
  const user_id =
    kind === 'delivery' ? null : (input.user_id ?? (input.user_id === null ? null : makerOf(ctx)))
  if (project_id === null && user_id === null)
    throw invalidField('project_id', 'required', 'is required for a token that belongs to nobody')
  if (kind === 'delivery' && !input.environment_ids?.length)
    throw invalidField('environment_ids', 'required', 'is required for a delivery token')
  const scopes = input.scopes ?? (kind === 'delivery' ? ['live.read'] : undefined)
  if (!scopes?.length) throw invalidField('scopes', 'required', 'is required')
  if (project_id !== null && !(await findProject(db, project_id)))
    throw new DomainError('not_found', { what: 'project', id: project_id })
  const environment_ids = input.environment_ids ? [...new Set(input.environment_ids)] : null
  await checkTokenEnvironments(db, project_id, environment_ids)
  const at = ctx.now()
  const token: TokenView = {
    ...{ id: ctx.newId(), kind, user_id, project_id, environment_ids, name: input.name },
    ...{ description: input.description ?? '', scopes: [...scopes], annotations: input.annotations ?? {} },
    ...{ branches: input.branches ? [...input.branches] : null, expires_at: input.expires_at ?? null },
    ...{ created_at: at, updated_at: at },
  }
  await allowToken(ctx, db, token)
  return token
}

function makerOf(ctx: Context): string | null {
  return ctx.principal?.user_id ?? null
}
