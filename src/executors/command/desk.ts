import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Order, OrderVocabulary } from '#executors/contract.ts'
import { orderSaid } from '#executors/order-said.ts'
import { orderVariables } from '#executors/order-variables.ts'
import type { CommandSettings } from './index.ts'

export interface Desk {
  /** All that the command finds in its environment. */
  environment: Record<string, string>
  /** Removes the folder with the plan. */
  clear(): Promise<void>
}

/** A folder that only we can read, with the plan in it, and the facts of the order as variables. */
export async function openDesk(
  order: Order,
  settings: CommandSettings,
  vocabulary: OrderVocabulary,
): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-command-'))
  const file = join(folder, 'plan.json')
  await writeFile(file, JSON.stringify({ kind: order.kind, ...orderSaid(order) }), { mode: 0o600 })
  return {
    environment: {
      ...ownVariables(),
      ...vocabulary.variables(order),
      ...settings.environment,
      ...orderVariables(order),
      HEADGATE_PLAN_FILE: file,
    },
    clear: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** What a program cannot do without. Nothing else of ours is handed on. */
function ownVariables(): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/', LANG = 'C.UTF-8' } = process.env
  return { PATH, HOME, LANG }
}
