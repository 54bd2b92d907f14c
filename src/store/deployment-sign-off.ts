import type { Db } from './database.ts'
import type { DeploymentRow } from './deployment.ts'

/** False where somebody has signed it off before. */
export async function signOffDeployment(
  db: Db,
  id: string,
  mark: Pick<DeploymentRow, 'signed_off_by' | 'signed_off_at'>,
): Promise<boolean> {
  const query = db.updateTable('deployment').set(mark).where('id', '=', id).where('signed_off_at', 'is', null)
  return (await query.executeTakeFirst()).numUpdatedRows > 0n
}
