import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '#app/context.ts'
import { finishDispatch } from '#app/dispatches/finish-dispatch.ts'
import { awaitCallback, lookLater, pauseDispatch } from '#app/dispatches/keep-dispatch.ts'
import { requeueLost } from '#app/dispatches/requeue-lost.ts'
import { endOfTime, takeDispatch, type Taken } from '#app/dispatches/take-dispatch.ts'
import { placeOfWork } from '#app/dispatches/watch-work.ts'
import type { Ending, Interlude, OutsideExecutor, StopReason } from '#executors/contract.ts'
import { openLogWriter } from './log-writer.ts'
import { orderOf } from './order-of.ts'
import { isPassing } from '#domain/passing-error.ts'
import type { Workshop } from './run-environment.ts'
import { watchWork } from './watch-work.ts'

type Subject = Taken['work']['subject']
type End = Parameters<typeof finishDispatch>[2]

/** What is held by one process alone. */
export type HoldPlace = (key: string) => Promise<{ lost: AbortSignal; release(): Promise<void> } | undefined>

export interface Foreman extends Workshop {
  hold: HoldPlace
  /** Where others reach us, for callbacks. */
  callbackUrl(dispatchId: string): string
}

/**
 * Does what an executor has to do outside for a deployment or a run: until it has ended, or waits for somebody who
 * calls back. Whoever calls this holds its job. The place is held beside: a process that was given up for dead while
 * its command still runs keeps it, and so nobody begins anything beside that command.
 */
export async function runExecutor(
  ctx: Context,
  foreman: Foreman,
  subject: Subject,
  signal: AbortSignal,
): Promise<void> {
  const place = await placeOfWork(ctx, subject)
  if (place === undefined) return
  const hold = await patiently(() => foreman.hold(place), signal)
  try {
    const held = AbortSignal.any([signal, hold.lost])
    const take = () => takeDispatch(ctx, subject, (name) => foreman.executors.get(name)?.scope === 'outside')
    for (let taken = await take(); taken; taken = await take())
      if (!(await work(ctx, foreman, taken, held))) return
  } finally {
    await hold.release()
  }
}

const patienceMs = 60_000

async function patiently<T>(get: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + patienceMs
  for (;;) {
    const got = await get()
    if (got !== undefined) return got
    if (signal.aborted || performance.now() > until)
      throw new Error('another process still has this place; it is tried again')
    await sleep(250)
  }
}

/** Does one thing of it. Whether there may be more to do. */
async function work(ctx: Context, foreman: Foreman, taken: Taken, held: AbortSignal): Promise<boolean> {
  const found = foreman.executors.get(taken.dispatch.executor)
  const executor = found?.scope === 'outside' ? found : undefined
  if (taken.next === 'lost') return takeUpLost(ctx, executor, taken)
  if (!executor) {
    const detail = `There is no executor named ${taken.dispatch.executor}.`
    return record(() =>
      finishDispatch(ctx, taken, { to: 'failed', code: 'no_executor', detail, uncertain: false }),
    )
  }
  const watch = watchWork(ctx, taken, held)
  const log = openLogWriter(ctx, taken.work.subject, foreman.logger)
  try {
    const order = orderOf(ctx, taken)
    const tools = watch.tools(log, foreman)
    if (taken.next === 'cancel') {
      await executor.cancel?.(order, tools)
      return false
    }
    const ending = await perform(executor, taken, order, tools)
    await log.close()
    if (watch.isOver()) return false
    if (watch.reason() === 'lost') throw new Error('its place was lost: whoever has its job looks at it anew')
    return await conclude(ctx, taken, { executor, ending, reason: watch.reason() })
  } catch (error) {
    if (watch.isOver()) return false
    // What is lost is not ours to say. Where nobody else has it, the job that breaks here is tried again and finds it.
    if (isPassing(error) || watch.reason() === 'lost') throw error
    foreman.logger.error({ err: error, ...taken.work.subject }, 'an executor broke')
    const detail = 'The executor broke; the log of the server says why.'
    const end: End = { to: 'failed', code: 'executor_broke', detail, uncertain: true }
    return await record(() => finishDispatch(ctx, taken, end))
  } finally {
    watch.stop()
    await log.close()
  }
}

async function perform(
  executor: OutsideExecutor,
  { next, late = false, dispatch, work: { kind } }: Taken,
  order: ReturnType<typeof orderOf>,
  tools: Parameters<OutsideExecutor['apply']>[1],
): Promise<Ending | Interlude> {
  if (next === 'look')
    return executor.look
      ? executor.look(order, tools, { canceling_since: dispatch.cancel_sent_at, late })
      : { state: 'waiting' }
  if (next === 'find') {
    const found = await executor.find?.(order, tools)
    if (found) return found
  }
  if (kind === 'deployment') return executor.apply(order, tools)
  if (executor.run) return executor.run(order, tools)
  const detail = `${executor.name} has nothing to run.`
  return { state: 'failed', code: 'not_runnable', detail, untouched: true }
}

interface Concluding {
  executor: OutsideExecutor
  ending: Ending | Interlude
  reason: StopReason | undefined
}

async function conclude(
  ctx: Context,
  taken: Taken,
  { executor, ending, reason }: Concluding,
): Promise<boolean> {
  // What can be looked for, or done again, is the next process's to look for.
  if (ending.state === 'stopped' && reason === 'stopping' && executor.after_loss !== 'never')
    await requeueLost(ctx, taken, ending.untouched)
  else if (taken.late && (ending.state === 'waiting' || ending.state === 'pausing'))
    return record(() => finishDispatch(ctx, taken, endOfTime(taken.work.state === 'canceling')))
  else if (ending.state === 'waiting' && ending.look_in_seconds !== undefined)
    await lookLater(ctx, taken, ending.look_in_seconds)
  else if (ending.state === 'waiting') await awaitCallback(ctx, taken)
  else if (ending.state === 'pausing') await pauseDispatch(ctx, taken, ending.seconds)
  else return record(() => finishDispatch(ctx, taken, endOf(ending, reason)))
  return false
}

function endOf(ending: Ending, reason: StopReason | undefined): End {
  if (ending.state === 'stopped') return { ...stopped(reason), uncertain: !ending.untouched }
  const { items } = ending
  if (ending.state === 'failed') {
    const { code, detail, untouched = false } = ending
    return { to: 'failed', code, detail, uncertain: !untouched, ...(items ? { items } : {}) }
  }
  const { result } = ending
  return { to: 'succeeded', uncertain: false, ...(items ? { items } : {}), ...(result ? { result } : {}) }
}

function stopped(reason: StopReason | undefined): Omit<End, 'uncertain'> {
  if (reason === 'timed_out')
    return { to: 'failed', code: 'timed_out', detail: 'It took longer than it may, and was ended.' }
  if (reason === 'stopping')
    return {
      to: 'failed',
      code: 'outcome_unknown',
      detail: 'The server was stopped while it ran, and ended it.',
    }
  return { to: 'stopped', code: 'canceled', detail: 'It was ended because it was canceled.' }
}

/** Nobody is there any more who began it; what is left of it is ended before anybody else may begin anything. */
async function takeUpLost(
  ctx: Context,
  executor: OutsideExecutor | undefined,
  taken: Taken,
): Promise<boolean> {
  const canceling = taken.work.state === 'canceling'
  if (!canceling && executor && executor.after_loss !== 'never') {
    await requeueLost(ctx, taken)
    return false
  }
  await executor?.endLeft?.(taken.dispatch.id)
  const detail = canceling
    ? 'The process that ran it died while it was to be stopped.'
    : 'The process that ran it died, and it must not be run twice.'
  const end: End = { to: canceling ? 'stopped' : 'failed', code: 'outcome_unknown', detail, uncertain: true }
  return record(() => finishDispatch(ctx, taken, end))
}

const recordTries = 60

/** What is known is written down, also when the store is away for a while. Always false: there is no more to do. */
async function record(write: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write()
      return false
    } catch (error) {
      if (!isPassing(error) || attempt === recordTries) throw error
      await sleep(1000)
    }
  }
}
