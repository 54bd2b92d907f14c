import { planChanges, type Change } from '#domain/plan.ts'
import type { Ending, OutsideExecutor } from '#executors/contract.ts'

export interface CraneSettings {
  after_loss?: OutsideExecutor['after_loss']
  never_unchanged?: boolean
  /** How it comes out; it does everything when left out. */
  lift?: (changes: readonly Change[]) => Ending | Promise<Ending>
}

/** Acts outside, where nothing can be taken back: what it began and did not finish may be anything. */
export function craneExecutor({ lift, ...settings }: CraneSettings = {}): OutsideExecutor {
  return {
    name: 'crane',
    scope: 'outside',
    after_loss: 'repeat',
    ...settings,
    plan: async (task) => planChanges(task),
    apply: async ({ changes }) => (lift ? lift(changes) : { state: 'succeeded' }),
  }
}

/** It broke in the middle: these were done, of the rest nobody knows. */
export function slipped(...done: readonly string[]): Ending {
  const items = done.map((key) => ({ key, outcome: 'done' as const }))
  return { state: 'failed', code: 'slipped', detail: 'It slipped.', items }
}
