import { planChanges, type Change } from '#domain/plan.ts'
import type { Effect } from '#domain/effect.ts'
import type {
  Ending,
  KeptPlan,
  MadePlan,
  Order,
  OutsideExecutor,
  PlanTools,
  Task,
} from '#executors/contract.ts'

type Make = (task: Task, tools: PlanTools) => Promise<MadePlan> | MadePlan

export interface Kiln extends OutsideExecutor {
  /** What it was asked, in its order. */
  tasks: Task[]
  orders: Order[]
  /** How it plans from now on, by the environment's id; as everybody plans where nothing is said. */
  plans: Map<string, Make>
  /** How it comes out from now on. */
  fire: (order: Order) => Ending | Promise<Ending>
  /** Whether what it kept is worth something still. */
  current: (kept: KeptPlan) => boolean
}

/** An executor whose plans are work by themselves, as a test says. */
export function kilnExecutor(): Kiln {
  const kiln: Kiln = {
    name: 'kiln',
    scope: 'outside',
    after_loss: 'repeat',
    tasks: [],
    orders: [],
    plans: new Map(),
    fire: () => ({ state: 'succeeded' }),
    current: () => true,
    plan: async (task) => planChanges(task),
    async makePlan(task, tools) {
      kiln.tasks.push(task)
      return (kiln.plans.get(task.environment_id) ?? plainly)(task, tools)
    },
    isCurrent: async (_task, kept) => kiln.current(kept),
    async apply(order) {
      kiln.orders.push(order)
      return kiln.fire(order)
    },
  }
  return kiln
}

const plainly: Make = (task) => made(planChanges(task))

/** A plan that does these, each with one effect. */
export function made(changes: readonly Change[], more: Partial<Extract<MadePlan, { state: 'made' }>> = {}) {
  const effects = changes
    .filter(({ action }) => action !== 'none')
    .map(({ key, before, after }): Effect => ({
      item_key: key,
      address: `module.${key}.this`,
      action: before === null ? 'create' : after === null ? 'delete' : 'update',
      attributes: [{ attribute: 'version', before, after }],
    }))
  return { state: 'made' as const, changes, effects, kept: { state_version: 0 }, ...more }
}

/** One that says so and goes on until it is told to stop. */
export function endless(begun: () => void): Make {
  return async (_task, { log, signal }) => {
    await log('stdout', ['reading what is there'])
    begun()
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    await log('stdout', [`told to stop: ${String(signal.reason)}`])
    return { state: 'stopped' }
  }
}
