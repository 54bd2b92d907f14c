import { findInfraState } from '#store/infra-state.ts'
import { openSealed } from '../blobs/keep-sealed.ts'
import { allowState, type StateCaller } from './state-caller.ts'

/** What a state's blob is sealed for. */
export const stateContext = (environment_id: string): string => `state ${environment_id}`

/** The state as it was sent; undefined where there is none. Throws `forbidden`. */
export async function readState(caller: StateCaller): Promise<Buffer | undefined> {
  const { ctx, environment } = caller
  await allowState(ctx.db, caller, 'state.read')
  const row = await findInfraState(ctx.db, environment.id)
  if (!row?.blob_digest) return undefined
  return openSealed(ctx, row.blob_digest, stateContext(environment.id))
}
