import {
  beginDispatch,
  findDispatch,
  updateDispatch,
  type DispatchRow,
  type Subject,
} from '#store/dispatch.ts'
import { moveRun } from '#store/run.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { putBackShut } from '../deployments/put-back-shut.ts'
import { noteInLog } from '../logs/append-log.ts'
import { endWork, type End } from './end-work.ts'
import { lockWork, type Work } from './work.ts'

/**
 * What is to be done next. `apply`: do it. `find`: an earlier attempt may have reached the outside. `cancel`: ask the
 * outside to stop. `look`: ask the outside how it goes on. `lost`: whoever began it died.
 */
export interface Taken {
  next: 'apply' | 'find' | 'cancel' | 'look' | 'lost'
  work: Work
  dispatch: DispatchRow
  /** Its time is over: it is looked at for the last time. */
  late?: boolean
}

/** How long the outside may take to stop what it was asked to stop. */
const cancelMs = 60_000
const usualTimeoutSeconds = 3600

/**
 * Decides about a deployment or a run that an executor has to do with, and writes the intent before anything is done.
 * Called only by whoever holds its job: what was begun and is not in our hands was lost. What can be ended is ended
 * here. Undefined: nothing is to be done, now or any more.
 */
export function takeDispatch(
  ctx: Context,
  subject: Subject,
  isOutside: (executor: string) => boolean,
): Promise<Taken | undefined> {
  return transact(ctx, async (unit) => {
    const work = await lockWork(unit.tx, subject)
    if (!work) return undefined
    const known = await findDispatch(unit.tx, subject, true)
    if (work.state === 'over') {
      if (known && known.state !== 'ended')
        await updateDispatch(unit.tx, known, { state: 'ended', ended_at: ctx.now() })
      return undefined
    }
    // Whoever holds its environment's job deploys to our own store, and stops itself.
    if (!known && !isOutside(work.executor)) return undefined
    if (known && known.attempt === work.attempt && work.state !== 'queued')
      return goOn(ctx, unit, work, known)
    return begin(ctx, unit, work, known)
  })
}

async function begin(
  ctx: Context,
  unit: Unit,
  work: Work,
  earlier: DispatchRow | undefined,
): Promise<Taken | undefined> {
  // An earlier attempt may have reached the outside.
  if (work.state === 'canceling')
    return end(ctx, unit, work, earlier, { to: 'stopped', uncertain: earlier !== undefined })
  const { deployment_id } = work.subject
  // It may have waited long for a place: a freeze that was set meanwhile holds for it too.
  if (!earlier && deployment_id && (await putBackShut(ctx, unit, deployment_id))) return undefined
  const at = ctx.now()
  const ready = work.state === 'queued' ? await startRun(ctx, unit, work) : work
  if (!ready) return undefined
  const seconds = Number(ready.settings.timeout_seconds ?? usualTimeoutSeconds)
  const dispatch = await beginDispatch(unit.tx, {
    id: ctx.newId(),
    subject: ready.subject,
    attempt: ready.attempt,
    executor: ready.executor,
    settings: ready.settings,
    at,
    deadline_at: new Date(at.getTime() + seconds * 1000),
  })
  // The outside may have said how it ended while this waited to be planned anew.
  if (dispatch.reported) return end(ctx, unit, ready, dispatch, dispatch.reported as unknown as End)
  return { next: earlier ? 'find' : 'apply', work: ready, dispatch }
}

async function startRun(ctx: Context, unit: Unit, work: Work): Promise<Work | undefined> {
  if (!(await moveRun(unit.tx, { id: work.id, from: 'queued', to: 'running', at: ctx.now() })))
    return undefined
  const attempt = work.attempt + 1
  unit.record({
    kind: 'run.started',
    project_id: work.project.id,
    environment_id: work.environment?.id ?? null,
    subject_id: work.id,
    data: { attempt, kind: work.kind },
  })
  await noteInLog(ctx, unit.tx, work.subject, `running (${work.kind}), by ${work.executor}`)
  return { ...work, state: 'ready', attempt }
}

async function goOn(ctx: Context, unit: Unit, work: Work, dispatch: DispatchRow): Promise<Taken | undefined> {
  const now = ctx.now()
  const canceling = work.state === 'canceling'
  // Refused so far, nothing was begun outside; unless it arrived and only its answer did not.
  const uncertain = dispatch.progress.unknown === true
  const late = dispatch.deadline_at <= now
  switch (dispatch.state) {
    case 'begun':
      return { next: 'lost', work, dispatch }
    case 'pausing':
      if (canceling) return end(ctx, unit, work, dispatch, { to: 'stopped', uncertain })
      if (late) return end(ctx, unit, work, dispatch, { ...timedOut, uncertain })
      if (dispatch.resume_at && dispatch.resume_at > now) return undefined
      await updateDispatch(unit.tx, dispatch, { state: 'begun', resume_at: null })
      return { next: 'apply', work, dispatch }
    case 'waiting':
      if (dispatch.resume_at) return look(unit, work, dispatch, { now, late })
      if (late) return end(ctx, unit, work, dispatch, endOfTime(canceling))
      if (!canceling || dispatch.cancel_sent_at) return undefined
      await askToStop(unit, dispatch, now)
      return { next: 'cancel', work, dispatch }
    case 'ended':
      return undefined
  }
}

/** Long enough for a look. Who looks may die: then the next one does. */
const lookMs = 90_000

/** Where the outside calls nobody back. It stays `waiting`: a look changes nothing that another could not repeat. */
async function look(
  unit: Unit,
  work: Work,
  dispatch: DispatchRow,
  { now, late }: { now: Date; late: boolean },
): Promise<Taken | undefined> {
  const toStop = work.state === 'canceling' && !dispatch.cancel_sent_at
  if (!late && !toStop && dispatch.resume_at! > now) return undefined
  const deadline_at = toStop ? stopBy(dispatch, now) : dispatch.deadline_at
  const resume_at = new Date(now.getTime() + lookMs)
  const change = { resume_at, deadline_at, ...(toStop ? { cancel_sent_at: now } : {}) }
  await updateDispatch(unit.tx, dispatch, change)
  unit.wake({ name: 'look-after-dispatches', data: {}, after: resume_at })
  return { next: 'look', work, dispatch: { ...dispatch, ...change }, late }
}

/** How it ends where nobody says how it did, until its time is over. */
export const endOfTime = (canceling: boolean): End =>
  canceling ? unanswered : { ...timedOut, uncertain: true }

const timedOut: Omit<End, 'uncertain'> = {
  to: 'failed',
  code: 'timed_out',
  detail: 'It did not end within the time that the environment gives it.',
}

const unanswered: End = {
  to: 'stopped',
  code: 'stop_unanswered',
  detail: 'It was asked to stop, and nobody said that it did.',
  uncertain: true,
}

function stopBy({ deadline_at }: DispatchRow, now: Date): Date {
  const soon = new Date(now.getTime() + cancelMs)
  return soon < deadline_at ? soon : deadline_at
}

async function askToStop(unit: Unit, dispatch: DispatchRow, now: Date): Promise<void> {
  const deadline_at = stopBy(dispatch, now)
  await updateDispatch(unit.tx, dispatch, { cancel_sent_at: now, deadline_at })
  unit.wake({ name: 'look-after-dispatches', data: {}, after: deadline_at })
}

async function end(
  ctx: Context,
  unit: Unit,
  work: Work,
  dispatch: DispatchRow | undefined,
  how: End,
): Promise<undefined> {
  await endWork(ctx, unit, work, dispatch, how)
  return undefined
}
