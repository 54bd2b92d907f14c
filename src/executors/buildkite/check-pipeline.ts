import type { Ending } from '#executors/contract.ts'
import { sayingOf } from './api.ts'
import type { Desk } from './index.ts'
import { readText } from './read-build.ts'

/** Tries out whether the pipeline is there and the token may see it. Nothing is built. */
export async function check({ api, order, tools }: Desk): Promise<Ending> {
  const outcome = await api.pipeline()
  const name = 'status' in outcome && outcome.ok ? readText(outcome.body, 'name') : undefined
  if (name === undefined)
    return { state: 'failed', code: 'not_reached', detail: sayingOf(outcome), untouched: true }
  await tools.log('engine', [`Buildkite knows the pipeline ${name} (${String(order.settings.pipeline)})`])
  return { state: 'succeeded' }
}
