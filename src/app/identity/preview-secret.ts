import { DomainError } from '#domain/errors.ts'
import { sha256 } from '#ground/secrets.ts'
import { setPreviewSecret } from '#store/token.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { holdToken, type WhichToken } from './get-token.ts'
import { makeSecret, type SecretShape } from './make-secret.ts'
import { viewToken, type TokenView } from './token-view.ts'

/**
 * A second secret of a delivery token, told here and never again. With it the token also previews releases
 * (`release.preview`), in its own environments and branches. Throws `not_found`, also for a token of another kind, and
 * `already_exists` where it has one.
 */
export async function createPreviewSecret(
  ctx: Context,
  { secret_shape, ...which }: WhichToken & { secret_shape?: SecretShape },
): Promise<{ token: TokenView; secret: string }> {
  const secret = makeSecret(secret_shape)
  const token = await change(ctx, which, sha256(secret))
  return { token, secret }
}

/** It opens nothing from now on; the token itself stays as it is. Throws `not_found`, also where there is none. */
export async function removePreviewSecret(ctx: Context, which: WhichToken): Promise<void> {
  await change(ctx, which, null)
}

function change(ctx: Context, which: WhichToken, digest: Buffer | null): Promise<TokenView> {
  return transact(ctx, async ({ tx, record }) => {
    const held = await holdToken(ctx, tx, which)
    const { id, kind, project_id, name } = held
    if (kind !== 'delivery') throw new DomainError('not_found', { what: 'token', id })
    // Nobody hands out what they may not do themselves.
    authorize(ctx, 'release.preview', { project_id })
    if (!(await setPreviewSecret(tx, id, digest)))
      throw digest
        ? new DomainError('already_exists', { what: 'token', id: name })
        : new DomainError('not_found', { what: 'token', id })
    record({
      kind: 'token.updated',
      project_id,
      subject_id: id,
      data: { name, preview_secret: digest ? 'made' : 'removed' },
    })
    return viewToken(held)
  })
}
