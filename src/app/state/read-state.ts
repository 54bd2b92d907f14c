import { DomainError } from '#domain/errors.ts'
import { findStateVersion } from '#store/infra-state-version.ts'
import { findInfraState } from '#store/infra-state.ts'
import { openSealed } from '../blobs/keep-sealed.ts'
import { allowState, type StateCaller } from './state-caller.ts'

/** What a state's blob is sealed for. */
export const stateContext = (environment_id: string): string => `state ${environment_id}`

/**
 * The state as it was sent, or as it was at one of the versions that are kept; undefined where there is none, or was none.
 * Throws `forbidden`, `not_found`.
 */
export async function readState(caller: StateCaller, version?: number): Promise<Buffer | undefined> {
  const { ctx, environment } = caller
  await allowState(ctx.db, caller, 'state.read')
  const row = await (version === undefined
    ? findInfraState(ctx.db, environment.id)
    : findStateVersion(ctx.db, environment.id, version))
  if (version !== undefined && !row)
    throw new DomainError('not_found', { what: 'version', id: String(version) })
  if (!row?.blob_digest) return undefined
  return openSealed(ctx, row.blob_digest, stateContext(environment.id))
}
