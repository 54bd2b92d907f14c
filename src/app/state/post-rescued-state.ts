import { invalidField } from '#domain/errors.ts'
import { BlobMissingError } from '#ground/blobs.ts'
import { SealError } from '#ground/encryption.ts'
import { authorize } from '../authorize.ts'
import { openSealed } from '../blobs/keep-sealed.ts'
import type { Context } from '../context.ts'
import { getEnvironment } from '../environments/get-environment.ts'
import { stateContext } from './read-state.ts'
import { writeState } from './write-state.ts'

/**
 * Posts the state that a release could not post itself, by the digest under which it was kept: the failure of that
 * release names it. It is written as by anybody's hand, under the same rules. Throws `invalid`
 * where nothing of that digest was kept for this environment, or the state has gone on since; `forbidden`.
 */
export async function postRescuedState(
  ctx: Context,
  { project_id, environment_id, blob }: { project_id: string; environment_id: string; blob: string },
): Promise<void> {
  authorize(ctx, 'state.write', { project_id, environment_id })
  const environment = await getEnvironment(ctx, { project_id, environment_id })
  // What was sealed for another environment, or is no state, does not open.
  const bytes = await openSealed(ctx, blob, stateContext(environment_id)).catch((error: unknown) => {
    if (error instanceof BlobMissingError || error instanceof SealError)
      throw invalidField('blob', 'invalid', 'names no state that was kept for this environment')
    throw error
  })
  const outcome = await writeState({ ctx, environment, own: null }, { bytes, lock_id: undefined })
  if (!outcome.written) throw invalidField('blob', 'invalid', `cannot be posted: ${outcome.detail}`)
}
