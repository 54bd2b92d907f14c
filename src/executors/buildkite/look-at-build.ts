import type { Ending, Interlude, Look } from '#executors/contract.ts'
import type { Outcome } from '#ground/outbound.ts'
import { sayingOf } from './api.ts'
import { againSeconds, findBuild, nameOf, noteBuild, pauseOf, secondsOf } from './find-build.ts'
import type { Desk } from './index.ts'
import { readBuild, standingOf, type Build } from './read-build.ts'

/** How the build goes on. One that is to stop, or has no time left, is asked to. */
export async function lookAtBuild(desk: Desk, why: Look): Promise<Ending | Interlude> {
  const { order, api } = desk
  const { number } = order.progress
  if (typeof number !== 'number') return lookForBuild(desk, why)
  const outcome = await api.get(number)
  if ('status' in outcome && outcome.status === 404)
    return {
      state: 'failed',
      code: 'build_gone',
      detail: `Build ${nameKept(desk)} is gone. ${sayingOf(outcome)}`,
    }
  const build = 'status' in outcome && outcome.ok ? readBuild(outcome.body) : undefined
  if (!build) return notSeen(desk, outcome)
  const ending = endingOf(build, why)
  if (ending) return ending
  await noteState(desk, build)
  const toStop = why.canceling_since !== null || why.late
  if (toStop && build.state !== 'canceling') await stop(desk, build)
  return { state: 'waiting', look_in_seconds: toStop ? 2 : pauseOf(order) }
}

/** It was sent, and nobody knows whether it arrived. */
async function lookForBuild(desk: Desk, { canceling_since }: Look): Promise<Ending | Interlude> {
  const found = await findBuild(desk)
  if (found) return canceling_since === null ? found : { ...found, look_in_seconds: 2 }
  if (canceling_since === null) {
    // It did not arrive, and has had the time for it: it is sent again.
    await desk.tools.keep({ tries: Number(desk.order.progress.tries ?? 0) })
    return { state: 'pausing', seconds: 1 }
  }
  const left = againSeconds - (desk.tools.now().getTime() - canceling_since.getTime()) / 1000
  return left > 0
    ? { state: 'waiting', look_in_seconds: Math.ceil(left) }
    : { state: 'stopped', untouched: true }
}

async function notSeen({ order, tools }: Desk, outcome: Outcome): Promise<Interlude> {
  await tools.log('engine', [`looked at build: ${sayingOf(outcome)}`])
  return { state: 'waiting', look_in_seconds: secondsOf(outcome) ?? pauseOf(order) }
}

const nameKept = ({ order: { progress } }: Desk) =>
  nameOf({
    number: Number(progress.number),
    web_url: typeof progress.web_url === 'string' ? progress.web_url : '',
  })

function endingOf(build: Build, { canceling_since }: Look): Ending | undefined {
  const name = nameOf(build)
  switch (standingOf(build)) {
    case 'going_on':
      return undefined
    case 'passed':
      return { state: 'succeeded', result: { build: build.number, url: build.web_url } }
    case 'failed':
      return { state: 'failed', code: 'build_failed', detail: `Build ${name} has failed.` }
    case 'not_run':
      return {
        state: 'failed',
        code: 'build_not_run',
        detail: `Build ${name} was not run (${build.state}).`,
        untouched: true,
      }
    case 'canceled': {
      if (canceling_since !== null) return { state: 'stopped' }
      const reason = build.cancel_reason ? `: ${build.cancel_reason}` : '.'
      return { state: 'failed', code: 'canceled', detail: `Build ${name} was canceled at Buildkite${reason}` }
    }
  }
}

/** Says it once, when it is another than before. */
async function noteState({ order, tools }: Desk, build: Build): Promise<void> {
  const state = build.blocked ? 'blocked' : build.state
  if (order.progress.state === state) return
  const words = state === 'blocked' ? 'waits until somebody unblocks it' : `is ${state}`
  await tools.log('engine', [`build ${nameOf(build)} ${words}`])
  await noteBuild(tools, { ...build, state })
}

async function stop({ api, tools }: Desk, { number }: Build): Promise<void> {
  const outcome = await api.cancel(number)
  const taken = 'status' in outcome && outcome.ok
  await tools.log('engine', [`asked Buildkite to cancel it: ${taken ? 'it does' : sayingOf(outcome)}`])
}
