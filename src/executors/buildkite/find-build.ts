import type { Interlude } from '#executors/contract.ts'
import { sayingOf } from './api.ts'
import { metaKey } from './describe-build.ts'
import type { Desk } from './index.ts'
import { readGivenBuild, type Build } from './read-build.ts'

type Waiting = Extract<Interlude, { state: 'waiting' }>

/** Long enough for what was on its way to arrive. */
export const againSeconds = 15

/** What an earlier attempt may have created. Undefined: nothing was, so that it can be. */
export async function findBuild(desk: Desk): Promise<Waiting | undefined> {
  const { order, tools, api } = desk
  const { number, unknown } = order.progress
  if (typeof number === 'number') return { state: 'waiting', look_in_seconds: 0 }
  if (unknown !== true) return undefined
  const outcome = await api.list({ [metaKey]: order.dispatch_id })
  const found =
    'status' in outcome && outcome.ok ? readGivenBuild(outcome.body, metaKey, order.dispatch_id) : undefined
  if (found === null) {
    await tools.log('engine', ['asked Buildkite what became of it: it has no such build'])
    return undefined
  }
  if (!found) {
    // As long as nobody says that there is none, none is created.
    await tools.log('engine', [`asked Buildkite what became of it: ${sayingOf(outcome)}`])
    return { state: 'waiting', look_in_seconds: secondsOf(outcome) ?? againSeconds }
  }
  await tools.log('engine', [`asked Buildkite what became of it: it is build ${nameOf(found)}`])
  return hold(desk, found)
}

/** A message may come before we know what it is about: soon it is looked at in any case. */
const firstSeconds = 10

/** Remembers the build as ours, and has it looked at soon. */
export async function hold({ tools }: Pick<Desk, 'tools'>, build: Build): Promise<Waiting> {
  const { id } = build
  await noteBuild(tools, build)
  await tools.bind(id)
  return { state: 'waiting', look_in_seconds: firstSeconds }
}

/** What is known of it, for whoever looks next. */
export function noteBuild(tools: Desk['tools'], { number, web_url, state }: Build): Promise<void> {
  return tools.keep({ unknown: true, number, web_url, state })
}

/** How often it is looked at: seldom where Buildkite says when there is something to see. */
export const pauseOf = ({ settings }: Desk['order']) => (settings.webhook_token === undefined ? 10 : 60)

export const nameOf = ({ number, web_url }: Pick<Build, 'number' | 'web_url'>) =>
  `#${number}${web_url === '' ? '' : ` (${web_url})`}`

export function secondsOf(outcome: object): number | undefined {
  const { retry_after_seconds } = outcome as { retry_after_seconds?: number }
  return retry_after_seconds === undefined ? undefined : Math.min(Math.max(retry_after_seconds, 1), 3600)
}
