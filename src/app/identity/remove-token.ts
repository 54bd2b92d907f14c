import { removeToken as removeRow } from '#store/token.ts'
import { removeExternalIdsOf } from '#store/external-id.ts'
import { transact, type Context } from '../context.ts'
import { holdToken, type WhichToken } from './get-token.ts'

/** It opens nothing from now on. Throws `not_found`. */
export async function removeToken(ctx: Context, which: WhichToken): Promise<void> {
  await transact(ctx, async ({ tx, record }) => {
    const { id, project_id, kind, name } = await holdToken(ctx, tx, which)
    await removeExternalIdsOf(tx, [id])
    await removeRow(tx, id)
    record({ kind: 'token.removed', project_id, subject_id: id, data: { kind, name } })
  })
}
