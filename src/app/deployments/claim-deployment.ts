import { systemActor } from '#domain/events.ts'
import { blocksStart } from '#domain/gates.ts'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import type { Scope } from '#domain/revision.ts'
import {
  claimDeployment as claim,
  type Claim,
  type ClaimedDeployment,
  type Stamp,
} from '#store/deployment-write.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { listClaimable } from '#store/deployment-guard.ts'
import { listLiveForRevision } from '#store/live.ts'
import { violatedConstraint } from '#store/violated-constraint.ts'
import { transact, type Context } from '../context.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/** A deployment that this process has in hand, and all that its executor needs to plan it. */
export interface WorkInHand extends ClaimedDeployment {
  task: {
    deployment_id: string
    project_id: string
    environment_id: string
    requested_by: string | null
    scope: Scope
    items: readonly PinnedItem[]
    live: readonly LiveItem[]
    forced: boolean
    restores: boolean
    attempt: number
    whole: readonly PinnedItem[]
    selected: boolean
    refresh: boolean
    allow_destroy: boolean
  }
}

/** How much of a queue is looked at in one go for one whose gates are open. */
const most = 200

/**
 * The next queued deployment of an environment whose gates are open, taken into planning; undefined where it is busy
 * or has none. What is shut keeps its place, and keeps nobody behind it waiting.
 */
export async function claimDeployment(ctx: Context, environmentId: string): Promise<WorkInHand | undefined> {
  const first = await tryClaim(ctx, environmentId)
  const claimed = first.claimed ?? (first.waiting ? await claimGuarded(ctx, environmentId) : undefined)
  if (!claimed) {
    // What was done here may be what somebody waits for: who takes only what is proven here, or lacks what was live.
    if (first.proves) await transact(ctx, async (unit) => unit.wake({ name: 'admit-deployments', data: {} }))
    return undefined
  }
  ctx.committed()
  const live = await listLiveForRevision(ctx.db, environmentId, claimed.revision_id, claimed.scope)
  return { ...claimed, task: taskOf(claimed, live) }
}

async function tryClaim(ctx: Context, environmentId: string, id?: string): Promise<Claim> {
  return claim(ctx.db, environmentId, stamp(ctx), id).catch((error: unknown) => {
    // Two processes claimed at the same moment: the index let one of them through.
    if (violatedConstraint(error)?.constraint === 'deployment_one_running')
      return { waiting: false, proves: false }
    throw error
  })
}

/** Where something keeps guard, gates are asked one by one. They are asked again once there is a plan. */
async function claimGuarded(ctx: Context, environmentId: string): Promise<ClaimedDeployment | undefined> {
  for (let after: number | null = null; ;) {
    const queue: NamedDeployment[] = await listClaimable(ctx.db, environmentId, { limit: most, after })
    const facts = await loadGateFacts(ctx.db, queue.map(subjectOf), ctx.now())
    for (const [index, { id }] of queue.entries()) {
      if (blocksStart(facts[index]!).length > 0) continue
      const { claimed } = await tryClaim(ctx, environmentId, id)
      if (claimed) return claimed
    }
    if (queue.length < most) return undefined
    after = queue.at(-1)!.turn
  }
}

export function stamp(ctx: Context): Stamp {
  return { event_id: ctx.newId(), at: ctx.now(), actor: systemActor }
}

export function taskOf(
  claimed: Omit<ClaimedDeployment, 'state' | 'deploys_digest' | 'executor_settings'>,
  live: readonly LiveItem[],
): WorkInHand['task'] {
  const selected = claimed.selected_keys && new Set(claimed.selected_keys)
  const items = selected ? claimed.items.filter((item) => selected.has(item.key)) : claimed.items
  const going = selected && claimed.scope === 'whole_state' ? goingOf(claimed.items, selected, live) : []
  return {
    deployment_id: claimed.id,
    project_id: claimed.project_id,
    environment_id: claimed.environment_id,
    requested_by: claimed.requested_by,
    // Whatever is selected of a whole state is a change set: it removes nothing that it does not name.
    scope: selected ? 'change_set' : claimed.scope,
    items: [...items, ...going],
    live,
    forced: claimed.forced,
    restores: claimed.rolls_back !== null,
    attempt: claimed.attempt,
    whole: claimed.items,
    selected: selected !== null,
    refresh: claimed.refresh,
    allow_destroy: claimed.allow_destroy,
  }
}

/** Of what is selected of a whole state, that which is live and which it does not name: it goes. */
function goingOf(
  items: readonly PinnedItem[],
  selected: ReadonlySet<string>,
  live: readonly LiveItem[],
): PinnedItem[] {
  const named = new Set(items.map((item) => item.key))
  return live
    .filter(({ key }) => selected.has(key) && !named.has(key))
    .map(({ key, kind, title }) => ({ key, kind, title, action: 'set', version: null }))
}
