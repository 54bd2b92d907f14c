import type { TestContext } from 'node:test'
import type { Deploy } from '#app/configuration/deploy-settings.ts'
import { readLog } from '#app/logs/read-log.ts'
import { openCodeHouse, until, type CodeHouse } from '../../code-house.ts'
import { buildkiteStandIn, type StandIn, type StandInBuild } from './stand-in.ts'

export const webhookToken = 'hook-token-0123456789'

export interface BuildkiteHouse extends CodeHouse {
  kite: StandIn
  /** How an environment deploys, or a project is built, by the stand-in. */
  by(more?: Partial<Deploy>): Deploy
  /** The build that was created for a deployment or a run, once it is there and known to us. */
  buildOf(subject: { deployment_id: string } | { run_id: string }): Promise<StandInBuild>
  /** Lets time go by, and whatever is due then be looked at. */
  pass(seconds: number): Promise<void>
  logOf(subject: { deployment_id: string } | { run_id: string }): Promise<string>
}

/** A whole server for projects of code, and a Buildkite that it builds and deploys with. */
export async function buildkiteHouse(t: TestContext): Promise<BuildkiteHouse> {
  const house = await openCodeHouse(t)
  const kite = await buildkiteStandIn(t)
  return {
    ...house,
    kite,
    by: (more = {}) => ({
      executor: 'buildkite',
      ...{ organization: kite.organization, pipeline: kite.pipeline, token: kite.token, url: kite.url },
      webhook_token: webhookToken,
      ...more,
    }),
    async buildOf(subject) {
      const [column, id] =
        'run_id' in subject ? ['run_id', subject.run_id] : ['deployment_id', subject.deployment_id]
      const row = await until(
        () =>
          house.ctx.db
            .selectFrom('dispatch')
            .select(['outside_id', 'state'])
            .where(column as 'run_id', '=', id!)
            .executeTakeFirst(),
        (found) => found?.state === 'waiting' && found.outside_id !== null,
        'the build of Buildkite',
      )
      return kite.builds.find((build) => build.id === row!.outside_id)!
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
