import { showId } from '#domain/ids.ts'
import { planChanges } from '#domain/plan.ts'
import type { Ending, Interlude, Order, OutsideExecutor, Tools } from '#executors/contract.ts'
import type { Outbound, Outcome, OutgoingCall } from '#ground/outbound.ts'
import { signatureHeaders } from '#ground/signatures.ts'
import { pauseAfter } from '#executors/pause-after.ts'
import { describeOrder } from './describe-order.ts'
import { readAnswer } from './read-answer.ts'

export interface WebhookOptions {
  send: Outbound['send']
  /** For tests: how long the receiver may take to answer. */
  timeouts?: OutgoingCall['timeouts']
}

/**
 * Tells a URL of headgate.yaml, signed, what is to be deployed, and waits to be called back. After a loss it asks the
 * receiver, where that said how, or sends the same again: it is the same by its `webhook-id`.
 */
export function webhookExecutor({ send, timeouts }: WebhookOptions): OutsideExecutor {
  const desk: Desk = {
    post: (order, tools, body, id) => post(send, timeouts, order, tools, body, id),
    ask: (url, tools) =>
      send({ url, declared: true, signal: tools.signal, ...(timeouts ? { timeouts } : {}) }),
  }
  const run = (order: Order, tools: Tools) => dispatch(desk, order, tools)
  return {
    name: 'webhook',
    scope: 'outside',
    after_loss: 'look',
    plan: async (task) => planChanges(task),
    apply: run,
    run,
    find: (order, tools) => find(desk, order, tools),
    cancel: (order, tools) => cancel(desk, order, tools),
  }
}

interface Desk {
  post(order: Order, tools: Tools, body: object, id: string): Promise<Outcome>
  ask(url: string, tools: Tools): Promise<Outcome>
}

const messageId = (order: Order) =>
  showId(order.kind === 'deployment' ? 'deployment' : 'run', order.subject_id)

async function post(
  send: Outbound['send'],
  timeouts: OutgoingCall['timeouts'],
  { settings }: Order,
  tools: Tools,
  message: object,
  id: string,
): Promise<Outcome> {
  const body = JSON.stringify(message)
  const signed = signatureHeaders({ id, at: tools.now(), body }, [String(settings.secret)])
  return send({
    url: String(settings.url),
    method: 'POST',
    headers: { ...signed, 'content-type': 'application/json' },
    body,
    declared: true,
    signal: tools.signal,
    ...(timeouts ? { timeouts } : {}),
  })
}

async function dispatch(desk: Desk, order: Order, tools: Tools): Promise<Ending | Interlude> {
  if (tools.signal.aborted) return { state: 'stopped', untouched: true }
  const tries = Number(order.progress.tries ?? 0)
  const callback = await tools.openCallback()
  // Until its answer is there it may have arrived, also for whoever comes after us.
  await tools.keep({ tries, unknown: true })
  const outcome = await desk.post(order, tools, describeOrder(order, callback), messageId(order))
  // Canceled before there was an answer, the receiver may have it: it is asked to stop like one that took it.
  if (tools.signal.aborted && !('status' in outcome && outcome.ok))
    return { state: tools.signal.reason === 'canceled' ? 'waiting' : 'stopped' }
  return conclude(outcome, order, tools, tries)
}

async function conclude(
  outcome: Outcome,
  order: Order,
  tools: Tools,
  tries: number,
): Promise<Ending | Interlude> {
  const verdict = readAnswer(outcome, String(order.settings.url))
  await tools.log('engine', [verdict.saying])
  if (verdict.kind === 'taken') {
    await tools.keep({ ...(verdict.status_url ? { status_url: verdict.status_url } : {}), taken: true })
    return { state: 'waiting' }
  }
  // What was told before and may have arrived is not undone by a refusal now.
  const earlier = order.progress.unknown === true
  if (verdict.kind === 'refused') {
    const { code, saying, untouched } = verdict
    return { state: 'failed', code, detail: saying, untouched: untouched && !earlier }
  }
  await tools.keep({ tries: tries + 1, ...(verdict.unknown || earlier ? { unknown: true } : {}) })
  return pauseAfter(tries, verdict.after_seconds)
}

/** What was sent before the process died. A receiver that gave a status URL is asked; else the same is sent again. */
async function find(desk: Desk, order: Order, tools: Tools): Promise<Ending | Interlude | undefined> {
  const { status_url, taken } = order.progress
  if (typeof status_url !== 'string') return taken === true ? { state: 'waiting' } : undefined
  const outcome = await desk.ask(status_url, tools)
  const known = 'status' in outcome && outcome.ok
  await tools.log('engine', [
    `asked ${new URL(status_url).origin} what became of it: ${known ? 'it has it' : 'it does not know it'}`,
  ])
  return known ? { state: 'waiting' } : undefined
}

async function cancel(desk: Desk, order: Order, tools: Tools): Promise<void> {
  const id = messageId(order)
  const message = { type: 'headgate.cancel', ...idsOf(order), dispatch_id: order.dispatch_id }
  const outcome = await desk.post(order, tools, message, `${id}_cancel`)
  await tools.log('engine', [`asked it to stop: ${readAnswer(outcome, String(order.settings.url)).saying}`])
}

function idsOf(order: Order): object {
  return order.kind === 'deployment'
    ? { deployment_id: showId('deployment', order.subject_id) }
    : { run_id: showId('run', order.subject_id) }
}
