import { DomainError } from '#domain/errors.ts'
import { findStateVersion } from '#store/infra-state-version.ts'
import { DomainError } from '#domain/errors.ts'
import { BlobMissingError } from '#ground/blobs.ts'
import { SealError } from '#ground/encryption.ts'
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

/**
 * A state of this environment by its blob: one that Terraform could not post, and that is kept since. It was sealed for its
 * environment, so that no other one's is opened. Throws `not_found`, `forbidden`.
 */
export async function readKeptState(caller: StateCaller, blob: string): Promise<Buffer> {
  const { ctx, environment } = caller
  await allowState(ctx.db, caller, 'state.read')
  const missing = () => new DomainError('not_found', { what: 'state', id: blob })
  if (!/^[0-9a-f]{64}$/.test(blob)) throw missing()
  try {
    return await openSealed(ctx, blob, stateContext(environment.id))
  } catch (error) {
    throw error instanceof BlobMissingError || error instanceof SealError ? missing() : error
  }
}
