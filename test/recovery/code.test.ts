import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { readId } from '#domain/ids.ts'
import type { Db } from '#store/database.ts'
import { waitUntil } from '../engine/wait-until.ts'
import { isAlive } from '../executors/command/command-house.ts'
import { freshPlace, openPlace } from '../fresh-store.ts'
import type { ServerProcess } from '../server-process.ts'
import { checkChain } from './check-store.ts'
import { codeBench, countOpen, cut, deploy } from './code-commands.ts'
import { end } from './commands.ts'

const rounds = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)

/** A candidate whose build hangs, one whose deployment hangs, and one that is being cut, when the process dies. */
const names = (round: number) => ({
  build: `hang-build-${round}-rc1`,
  deploy: `hang-deploy-${round}-rc1`,
  cut: `late-${round}-rc1`,
})

test(`killed ${rounds} times while code is built, deployed and cut, nothing ran twice and everything says what became of it`, async (t: TestContext) => {
  const place = await freshPlace()
  const folder = await mkdtemp(join(tmpdir(), 'headgate-recovery-code-'))
  const bench = await codeBench(join(folder, 'bench'), rounds)
  let server: ServerProcess | undefined
  t.after(async () => {
    await server?.kill()
    await place.remove()
    bench.repository.remove()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const commit = bench.repository.head()
  const deployments: string[] = []
  const known: string[] = []

  for (let round = 0; round < rounds; round += 1) {
    const mine = names(round)
    server = await bench.start(place)
    await cut(server, mine.build, { commit, build: true })
    await cut(server, mine.deploy, { commit, build: false })
    await deploy(server, mine.deploy, `e${round}`)
    const hanging = async (version: string) => {
      await waitUntil(async () => (await bench.hanging(version)) !== undefined, `${version} to hang`)
      return (await bench.hanging(version))!
    }
    const building = await hanging(mine.build)
    const deploying = await hanging(mine.deploy)
    deployments.push(deploying.id)
    const last = cut(server, mine.cut, { commit, build: true }).then(
      () => known.push(mine.cut),
      () => undefined,
    )
    // Just after it was told of, and anywhere on the way.
    await (round % 3 === 0 ? last : sleep((round * 7) % 40))
    await server.kill()
    await last
    const left = () => [...building.pids, ...deploying.pids].filter(isAlive)
    await waitUntil(() => left().length === 0, 'the end of the commands and their children')
  }

  server = await bench.start(place)
  for (const id of deployments) {
    const { state, failure_code } = await end(server.url, id)
    t.assert.deepEqual([state, failure_code], ['failed', 'outcome_unknown'])
  }
  for (let round = 0; round < rounds; round += 1) {
    // Whoever was not answered asks again, and what hung is deployed once more.
    await cut(server, names(round).cut, { commit, build: true })
    await deploy(server, names(round).deploy, `e${round}`)
  }
  const last = server
  await waitUntil(async () => (await countOpen(last, rounds)) === 0, 'everything to end')
  await server.stop()

  const store = await openPlace(place)
  try {
    await checkCandidates(t, store.db, { known, built: await bench.ran('build') })
    await checkDeployments(t, store.db, deployments)
    await checkAutomation(t, store.db, await bench.ran('deploy'))
    await checkChain(t, store.db)
  } finally {
    await store.close()
  }
  const deployed = await bench.ran('deploy')
  for (let round = 0; round < rounds; round += 1) {
    const times = deployed.filter((line) => line === `${names(round).deploy} e${round}`).length
    t.assert.equal(times, 2, 'once by each deployment')
  }
})

async function checkCandidates(
  t: TestContext,
  db: Db,
  { known, built }: { known: readonly string[]; built: readonly string[] },
): Promise<void> {
  t.assert.equal(new Set(built).size, built.length, `nothing is built twice: ${built.join(' ')}`)
  const rows = await db
    .selectFrom('candidate')
    .leftJoin('run', 'run.id', 'candidate.build_run_id')
    .leftJoin('revision', 'revision.id', 'candidate.revision_id')
    .select(['candidate.version', 'candidate.state', 'candidate.commit_sha', 'revision.digest'])
    .select(['run.state as run_state', 'run.failure_code'])
    .orderBy('candidate.ordinal')
    .execute()
  const versions = rows.map(({ version }) => version)
  t.assert.equal(new Set(versions).size, versions.length)
  for (const version of known) t.assert.ok(versions.includes(version), `${version} was told of and is gone`)
  for (const { version, state, commit_sha, digest, run_state, failure_code } of rows) {
    t.assert.ok(commit_sha !== null && digest !== null, `${version} is whole`)
    if (version.startsWith('hang-deploy')) t.assert.deepEqual([state, run_state], ['ready', null])
    else if (state === 'ready')
      t.assert.deepEqual([run_state, built.includes(version)], ['succeeded', true], version)
    else
      t.assert.deepEqual(
        [state, run_state, failure_code],
        ['build_failed', 'failed', 'outcome_unknown'],
        version,
      )
  }
}

async function checkDeployments(t: TestContext, db: Db, lost: readonly string[]): Promise<void> {
  const ids = lost.map((id) => readId('deployment', id)!)
  const { rows } = await sql<{ id: string; uncertain: boolean }>`
    select d.id, bool_and(i.uncertain) as uncertain
    from deployment d join deployment_item i on i.deployment_id = d.id
    join environment e on e.id = d.environment_id
    where d.state = 'failed' and e.name <> 'auto' group by d.id order by d.id
  `.execute(db)
  t.assert.deepEqual(
    rows,
    ids.toSorted().map((id) => ({ id, uncertain: true })),
    'what was lost may be half done',
  )
  const live = await db
    .selectFrom('live')
    .innerJoin('deployment', 'deployment.id', 'live.deployment_id')
    .innerJoin('environment', 'environment.id', 'live.environment_id')
    .innerJoin('candidate', 'candidate.revision_id', 'deployment.revision_id')
    .select(['live.uncertain', 'deployment.state', 'candidate.version', 'live.version as commit'])
    .whereRef('candidate.commit_sha', '=', 'live.version')
    .where('environment.name', '<>', 'auto')
    .execute()
  t.assert.equal(live.length, lost.length)
  t.assert.ok(
    live.every(({ uncertain, state }) => !uncertain && state === 'succeeded'),
    JSON.stringify(live),
  )
}

/** Each candidate that is ready went on by itself once, or it was said why not; and nothing was done twice. */
async function checkAutomation(t: TestContext, db: Db, ran: readonly string[]): Promise<void> {
  const { rows } = await sql<{ version: string; asked: number; skipped: number; succeeded: number }>`
    select c.version,
      (select count(*)::int from deployment d join environment e on e.id = d.environment_id
        where d.revision_id = c.revision_id and e.name = 'auto') as asked,
      (select count(*)::int from event v
        where v.kind = 'promotion.skipped' and v.data ->> 'what' = c.version) as skipped,
      (select count(*)::int from deployment d join environment e on e.id = d.environment_id
        where d.revision_id = c.revision_id and e.name = 'auto' and d.state = 'succeeded') as succeeded
    from candidate c where c.state = 'ready'
  `.execute(db)
  for (const { version, asked, skipped, succeeded } of rows) {
    t.assert.equal(asked + skipped, 1, `${version} went on once`)
    const times = ran.filter((line) => line === `${version} auto`).length
    t.assert.ok(times <= 1 && times >= succeeded, `${version} was deployed ${times} times`)
  }
}
