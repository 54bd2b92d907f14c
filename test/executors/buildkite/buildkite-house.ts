import type { TestContext } from 'node:test'
import type { Deploy } from '#app/configuration/deploy-settings.ts'
import { readLog } from '#app/logs/read-log.ts'
import { findDispatch, type DispatchRow, type Subject } from '#store/dispatch.ts'
import { openCodeHouse, until, type CodeHouse } from '../../code-house.ts'
import { buildkiteStandIn, type StandIn, type StandInBuild } from './stand-in.ts'

export const webhookToken = 'hook-token-0123456789'

/** Seconds until it is looked at again are fewer than those that a look is given. */
function isResting({ state, resume_at }: DispatchRow, now: Date): boolean {
  if (state === 'begun' || resume_at === null) return false
  const left = resume_at.getTime() - now.getTime()
  return left > 0 && left <= 61_000
}

export interface BuildkiteHouse extends CodeHouse {
  kite: StandIn
  /** How an environment deploys, or a project is built, by the stand-in. */
  by(more?: Partial<Deploy>): Deploy
  /** The build that was created for a deployment or a run, once it is there and known to us. */
  buildOf(subject: Subject): Promise<StandInBuild>
  /** Waits until nobody is at it: it is looked at again, or tried again, later. */
  rests(subject: Subject): Promise<DispatchRow>
  /** Lets time go by, and whatever is due then be looked at. */
  pass(seconds: number): Promise<void>
  logOf(subject: Subject): Promise<string>
}

/** A whole server for projects of code, and a Buildkite that it builds and deploys with. */
export async function buildkiteHouse(t: TestContext): Promise<BuildkiteHouse> {
  const house = await openCodeHouse(t)
  const kite = await buildkiteStandIn(t)
  async function rests(subject: Subject, also: (row: DispatchRow) => boolean = () => true) {
    const row = await until(
      () => findDispatch(house.ctx.db, subject),
      (found) => found !== undefined && isResting(found, house.clock.now) && also(found),
      'nobody to be at it',
    )
    return row!
  }
  return {
    ...house,
    kite,
    by: (more = {}) => ({
      executor: 'buildkite',
      ...{ organization: kite.organization, pipeline: kite.pipeline, token: kite.token, url: kite.url },
      webhook_token: webhookToken,
      ...more,
    }),
    rests,
    async buildOf(subject) {
      const { outside_id } = await rests(subject, (found) => found.outside_id !== null)
      return kite.builds.find((build) => build.id === outside_id)!
    },
    async pass(seconds) {
      house.clock.now = new Date(house.clock.now.getTime() + seconds * 1000)
      await house.engine!.sweep()
    },
    async logOf(subject) {
      const { lines } = await readLog(house.ctx, { ...subject, after: 0, limit: 1000 })
      return lines.map(({ text }) => text).join('\n')
    },
  }
}
