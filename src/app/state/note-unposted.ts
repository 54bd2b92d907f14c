import { lockInfraState, updateInfraState } from '#store/infra-state.ts'
import { keepSealed } from '../blobs/keep-sealed.ts'
import { asPrincipal, transact, type House } from '../context.ts'
import { stateContext } from './read-state.ts'

/**
 * Keeps a state that a release could not post, sealed, and notes that it is missing: whatever is planned from the state
 * here would make once more what that release has made. Answers the digest of its blob. For Headgate itself.
 */
export async function noteUnposted(house: House, environment_id: string, bytes: Uint8Array): Promise<string> {
  const blob = await keepSealed(house, bytes, stateContext(environment_id))
  await transact(asPrincipal(house, null), async ({ tx }) => {
    await lockInfraState(tx, environment_id, house.now())
    await updateInfraState(tx, environment_id, { unposted_blob: blob })
  })
  return blob
}
