import { makeSecret, sha256 } from '#ground/secrets.ts'
import { addDispatchToken, lockDispatch, updateDispatch, type DispatchRow } from '#store/dispatch.ts'
import type { JsonObject } from '#store/columns.ts'
import { transact, type Context } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import type { Taken } from './take-dispatch.ts'

type Known = Pick<DispatchRow, 'id' | 'attempt'>

/** What an executor wants to remember, over the end of its process. */
export async function keepProgress(ctx: Context, dispatch: Known, progress: JsonObject): Promise<void> {
  await updateDispatch(ctx.db, dispatch, { progress })
}

/** What the outside calls it: by that it is found when the outside says something of it. */
export async function bindDispatch(ctx: Context, dispatch: Known, outside_id: string): Promise<void> {
  await updateDispatch(ctx.db, dispatch, { outside_id })
}

/** One more secret with which the outside may say how it goes on. Only its digest is kept. */
export async function openCallbackToken(ctx: Context, { id }: Known): Promise<string> {
  const token = makeSecret()
  await addDispatchToken(ctx.db, id, sha256(token))
  return token
}

/** From here on nobody holds it: the outside calls back, or its time runs out. */
export function awaitCallback(ctx: Context, { work, dispatch }: Taken): Promise<void> {
  return transact(ctx, async (unit) => {
    if (!(await updateDispatch(unit.tx, dispatch, { state: 'waiting', resume_at: null }))) return
    await noteInLog(ctx, unit.tx, work.subject, 'handed over; waiting to be called back')
    unit.wake({ name: 'look-after-dispatches', data: {}, after: dispatch.deadline_at })
    // It may have been asked to stop meanwhile.
    unit.wake({ name: 'run-executor', data: work.subject })
  })
}

/** From here on nobody holds it, and after so many seconds whoever is there then looks at how it goes on. */
export function lookLater(ctx: Context, taken: Taken, seconds: number): Promise<void> {
  const { work, dispatch, next } = taken
  return transact(ctx, async (unit) => {
    const now = await lockDispatch(unit.tx, dispatch.id)
    // Somebody said meanwhile that there is something to see: it was looked at a moment too early.
    if (next === 'look' && now?.resume_at?.getTime() !== dispatch.resume_at?.getTime()) return
    const later = new Date(ctx.now().getTime() + seconds * 1000)
    const resume_at = later < dispatch.deadline_at ? later : dispatch.deadline_at
    if (!(await updateDispatch(unit.tx, dispatch, { state: 'waiting', resume_at }))) return
    unit.wake({ name: 'look-after-dispatches', data: {}, after: resume_at })
    // It may have been asked to stop while it was handed over.
    if (next !== 'look') unit.wake({ name: 'run-executor', data: work.subject })
  })
}

/** It is tried again after so many seconds, by whoever is there then. */
export function pauseDispatch(ctx: Context, { work, dispatch }: Taken, seconds: number): Promise<void> {
  return transact(ctx, async (unit) => {
    const later = new Date(ctx.now().getTime() + seconds * 1000)
    const resume_at = later < dispatch.deadline_at ? later : dispatch.deadline_at
    if (!(await updateDispatch(unit.tx, dispatch, { state: 'pausing', resume_at }))) return
    await noteInLog(ctx, unit.tx, work.subject, `not taken yet; tried again at ${resume_at.toISOString()}`)
    unit.wake({ name: 'look-after-dispatches', data: {}, after: resume_at })
  })
}
