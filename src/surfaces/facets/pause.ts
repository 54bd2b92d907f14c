import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { listFreezes } from '#app/freezes/list-freezes.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import type { Call } from './route.ts'

/** What a freeze is called that this door set. */
const name = 'paused'
const mostFreezes = 200

export interface Paused {
  project_id: string
  /** Left out, all of the project. */
  environment_id?: string
}

type Asking = Pick<Call, 'ctx'>

/** Whether releases are paused here, or in all of the stack. One that was frozen elsewhere is not called so. */
export async function isPaused(call: Asking, place: Paused): Promise<boolean> {
  return (await pausesOf(call, place)).length > 0
}

/** Whether releases of an environment are paused, for all of a stack; of null, whether those of the stack are. */
export async function pausesIn(
  { ctx }: Asking,
  project_id: string,
): Promise<(environment_id: string | null) => boolean> {
  const all = await listFreezes(ctx, { project_id, lifted: false, limit: mostFreezes })
  const paused = new Set(
    all.flatMap((freeze) => (freeze.name === name && freeze.in_force ? [freeze.environment_id] : [])),
  )
  return (environment_id) => paused.has(null) || paused.has(environment_id)
}

/**
 * Stops every release, by hand or by the clock, until it is told otherwise: the newer pages of the vendor say so, and an
 * emergency freeze is what does it here. What is so already stays so.
 */
export async function pause(call: Asking, place: Paused, wanted: boolean): Promise<void> {
  const { project_id, environment_id = null } = place
  const own = (await pausesOf(call, place)).filter((freeze) => freeze.environment_id === environment_id)
  const by = call.ctx.principal?.name ?? 'headgate'
  if (wanted && own.length === 0)
    await setFreeze(call.ctx, { ...place, name, reason: `Releases were paused by ${by}.` })
  if (!wanted)
    for (const { id: freeze_id } of own)
      await liftFreeze(call.ctx, { project_id, freeze_id, reason: `Releases go on: ${by}.` })
}

async function pausesOf({ ctx }: Asking, place: Paused) {
  const all = await listFreezes(ctx, { ...place, lifted: false, limit: mostFreezes })
  return all.filter((freeze) => freeze.name === name && freeze.in_force)
}
