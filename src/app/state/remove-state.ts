import { DomainError } from '#domain/errors.ts'
import { insertStateVersion } from '#store/infra-state-version.ts'
import { lockInfraState, updateInfraState } from '#store/infra-state.ts'
import { authorIn, transact } from '../context.ts'
import { allowState, type StateCaller } from './state-caller.ts'
import { refusalByLock, type WriteOutcome } from './write-state.ts'

/**
 * Takes the state away; its versions are kept, and the next state may be of any lineage. What really is there stays as
 * it is, and nobody knows of it any more. `version` 0: there was none. Throws `forbidden`, also to our own.
 */
export async function removeState(caller: StateCaller, lock_id: string | undefined): Promise<WriteOutcome> {
  const { ctx, environment, own } = caller
  if (own) {
    const detail = 'A deployment writes a state without resources, and removes none.'
    throw new DomainError('forbidden', { action: 'state.write', detail })
  }
  const { id: environment_id, project_id } = environment
  return transact(ctx, async ({ tx, record }): Promise<WriteOutcome> => {
    await allowState(tx, caller, 'state.write', true)
    const row = await lockInfraState(tx, environment_id, ctx.now())
    const refused = refusalByLock(caller, row, lock_id)
    if (refused) return refused
    if (row.blob_digest === null) return { written: true, version: row.version }
    const [version, at] = [row.version + 1, ctx.now()]
    const none = { serial: null, lineage: null, blob_digest: null }
    await insertStateVersion(tx, {
      ...{ environment_id, version, ...none, content_digest: null, lock_id: row.lock_id },
      ...{ deployment_id: null, run_id: null, written_by: authorIn(ctx), created_at: at },
    })
    await updateInfraState(tx, environment_id, {
      ...{ version, ...none, updated_at: at },
      unposted_blob: null,
    })
    const { serial, lineage } = row
    record({ kind: 'state.removed', project_id, environment_id, data: { version, serial, lineage } })
    return { written: true, version }
  })
}
