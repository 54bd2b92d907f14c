import { joinVocabularies } from '#domain/order-vocabulary.ts'
import { planChanges } from '#domain/plan.ts'
import type { Interlude, Ending, Look, Order, OrderVocabulary } from '#executors/contract.ts'
import type { OutsideExecutor, Tools } from '#executors/contract.ts'
import type { Outbound, OutgoingCall } from '#ground/outbound.ts'
import { openApi, type Api } from './api.ts'
import { check } from './check-pipeline.ts'
import { createBuild } from './create-build.ts'
import { findBuild } from './find-build.ts'
import { lookAtBuild } from './look-at-build.ts'

export interface BuildkiteOptions {
  send: Outbound['send']
  /** What else the facts are called. */
  vocabulary?: OrderVocabulary
  /** For tests: how long Buildkite may take to answer. */
  timeouts?: OutgoingCall['timeouts']
}

/** What one order has to do with. */
export interface Desk {
  order: Order
  tools: Tools
  api: Api
  vocabulary: OrderVocabulary
}

/**
 * Creates a build in a pipeline of Buildkite, and looks at it until it has ended. What was created carries our id in
 * its meta-data: whatever was lost on the way is found by that before anything is created again.
 */
export function buildkiteExecutor({
  send,
  vocabulary = joinVocabularies([]),
  timeouts,
}: BuildkiteOptions): OutsideExecutor {
  const deskOf = (order: Order, tools: Tools): Desk => ({
    order,
    tools,
    api: openApi(send, order, tools, timeouts),
    vocabulary,
  })
  const run = (order: Order, tools: Tools) => perform(deskOf(order, tools))
  return {
    name: 'buildkite',
    scope: 'outside',
    after_loss: 'look',
    plan: async (task) => planChanges(task),
    apply: run,
    run,
    look: (order: Order, tools: Tools, why: Look) => lookAtBuild(deskOf(order, tools), why),
  }
}

async function perform(desk: Desk): Promise<Ending | Interlude> {
  if (desk.tools.signal.aborted) return { state: 'stopped', untouched: true }
  if (desk.order.kind === 'check') return check(desk)
  // An earlier attempt may have created it, whatever became of its answer.
  return (await findBuild(desk)) ?? createBuild(desk)
}
