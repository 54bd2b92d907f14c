// private measure, not to be committed
import { pino } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { asPrincipal, type House } from '#app/context.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { claimDeployment } from '#app/deployments/claim-deployment.ts'
import { recordPlan } from '#app/deployments/record-plan.ts'
import { applyInStore } from '#app/deployments/apply-plan.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { freshPlace, openPlace } from '../test/fresh-store.ts'
import { startServer } from '../test/server-process.ts'
import { fill } from './fill.ts'

const kind = (process.argv[2] ?? 'postgres') as 'postgres' | 'embedded'
const rounds = Number(process.argv[3] ?? 8)
const place = await freshPlace(kind)
await (await startServer(place, ['one'])).stop()
const store = await openPlace({ ...place, syncToDisk: true } as never)
const { db } = store
try {
  const pair = await fill(db, 10_000)
  const house = {
    db,
    now: () => new Date(),
    newId: () => uuidv7(),
    enqueue: async () => {},
    committed: () => {},
    blobs: null,
    memory: new Map(),
  } as unknown as House
  const ctx = asPrincipal(house, null)
  const project = await db.selectFrom('project').select('id').executeTakeFirstOrThrow()
  const env = await db
    .selectFrom('environment')
    .select('id')
    .where('name', '=', 'one')
    .executeTakeFirstOrThrow()
  const best: Record<string, number[]> = {}
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const cpu = process.cpuUsage()
    const began = performance.now()
    const value = await work()
    const used = process.cpuUsage(cpu)
    ;(best[name] ??= []).push(performance.now() - began)
    ;(best[`${name} cpu`] ??= []).push((used.user + used.system) / 1000)
    return value
  }
  for (let n = 0; n < rounds; n += 1) {
    const all = performance.now()
    const [asked] = await timed('request', () =>
      requestDeployments(ctx, {
        project_id: project.id,
        release_id: pair.releases[n % 2]!,
        environment_ids: [env.id],
      }),
    )
    const work = (await timed('claim', () => claimDeployment(ctx, env.id)))!
    const changes = await timed('plan', () => contentExecutor.plan(db, work.task))
    const planned = (await timed('record', () => recordPlan(ctx, work, changes)))!
    await timed('apply', () =>
      applyInStore(ctx, work, planned, (tx, at) =>
        contentExecutor.apply(tx, work.task, { plan_id: planned.plan_id, at }),
      ),
    )
    ;(best.all ??= []).push(performance.now() - all)
    const done = await db
      .selectFrom('deployment')
      .select(['state', 'counts'])
      .where('id', '=', asked!.id)
      .executeTakeFirstOrThrow()
    if (done.state !== 'succeeded') throw new Error(JSON.stringify(done))
  }
  for (const [name, times] of Object.entries(best)) {
    const s = times.slice(2).toSorted((a, b) => a - b)
    console.log(name.padEnd(14), 'min', s[0]!.toFixed(0), 'median', s[s.length >> 1]!.toFixed(0))
  }
} finally {
  await store.close()
  await place.remove()
}
void pino
