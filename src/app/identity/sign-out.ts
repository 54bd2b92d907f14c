import { findToken, removeToken } from '#store/token.ts'
import { transact, type Context } from '../context.ts'

/** Ends the session that the caller came with. Whoever came with another credential stays as they are. */
export async function signOut(ctx: Context): Promise<void> {
  const id = ctx.principal?.token_id
  if (!id) return
  await transact(ctx, async ({ tx, record }) => {
    const token = await findToken(tx, id)
    if (token?.kind !== 'session') return
    await removeToken(tx, id)
    record({ kind: 'user.signed_out', subject_id: token.user_id, data: { session_id: id } })
  })
}
