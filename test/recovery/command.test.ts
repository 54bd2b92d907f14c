import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { waitUntil } from '../engine/wait-until.ts'
import { isAlive } from '../executors/command/command-house.ts'
import { freshPlace, openPlace, testStore } from '../fresh-store.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { call } from './client.ts'
import { end, environments, request, setUp } from './commands.ts'

const asked = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)
/** A round is a command that was lost, and cheaper than the other tests' rounds. */
const rounds = asked > 3 ? Math.max(asked, 50) : asked
const v1 = '/headgate/v1'

/**
 * Holds a lock for as long as it or any child of it lives, so that whoever begins beside it notices. One that is to
 * hang has a child that left its group; both say who they are.
 */
const script = (folder: string) => `#!/bin/sh
exec 9>"${folder}/$HEADGATE_ENVIRONMENT.lock"
flock -n 9 || echo "$HEADGATE_DEPLOYMENT_ID" >> "${folder}/overlaps"
case "$HEADGATE_RELEASE" in quick*) exit 0;; esac
trap '' INT TERM
setsid sh -c 'trap "" INT TERM; sleep 600' &
echo "$PPID $$ $!" > "${folder}/$HEADGATE_DEPLOYMENT_ID.begun.new"
mv "${folder}/$HEADGATE_DEPLOYMENT_ID.begun.new" "${folder}/$HEADGATE_DEPLOYMENT_ID.begun"
wait
sleep 600
`

interface Hanging {
  environment: string
  id: string
  next: string
  /** The server that runs it, the command, its child. */
  server: number
  pids: number[]
}

test(`in ${rounds} environments whose process is killed: command and children are gone, the outcome is unknown, the next goes on, never two at once`, async (t: TestContext) => {
  const place = await freshPlace()
  const folder = await mkdtemp(join(tmpdir(), 'headgate-recovery-'))
  const servers: ServerProcess[] = []
  t.after(async () => {
    for (const server of servers) await server.kill()
    await place.remove()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const file = join(folder, 'deploy.sh')
  await writeFile(file, script(folder))
  await chmod(file, 0o755)

  const processes = testStore === 'postgres' ? 2 : 1
  let lost = 0
  let slowest = 0
  while (lost < rounds) {
    while (servers.length < processes) servers.push(await startServer(place, environments))
    const { url } = servers[0]!
    if (lost === 0) await setUp(url, file)
    const hanging = await Promise.all(environments.map((environment) => hang(url, environment, folder)))
    const doomed = servers.find(({ child }) => child.pid === hanging[0]!.server)!
    const mine = hanging.filter(({ server }) => server === doomed.child.pid)
    await doomed.kill()
    const killed = performance.now()
    servers.splice(servers.indexOf(doomed), 1)
    const left = () => mine.flatMap(({ pids }) => pids).filter(isAlive)
    await waitUntil(() => left().length === 0, 'the end of the command and its children')
    if (servers.length === 0) servers.push(await startServer(place, environments))
    const heir = servers[0]!.url
    for (const { id } of hanging.filter((one) => !mine.includes(one)))
      await call(heir, 'POST', `${v1}/deployments/${id}/cancel`, {})
    for (const { id, next } of hanging) {
      const { state, failure_code } = await end(heir, id)
      const wasMine = mine.some((one) => one.id === id)
      t.assert.deepEqual(
        [state, failure_code],
        wasMine ? ['failed', 'outcome_unknown'] : ['canceled', 'canceled'],
      )
      t.assert.equal((await end(heir, next)).state, 'succeeded', 'the next one goes on')
    }
    slowest = Math.max(slowest, performance.now() - killed)
    lost += mine.length
  }
  t.diagnostic(
    `${lost} commands lost; at most ${Math.round(slowest)} ms from the kill to the end of the next`,
  )
  t.assert.ok(!existsSync(join(folder, 'overlaps')), 'never two at once in one environment')
  for (const server of servers.splice(0)) await server.stop()
  const store = await openPlace(place)
  const { rows } = await sql`
    select i.item_key from deployment_item i join deployment d on d.id = i.deployment_id
    where d.failure_code = 'outcome_unknown' and not i.uncertain`
    .execute(store.db)
    .finally(() => store.close())
  t.assert.deepEqual(rows, [], 'whatever a lost command was to change is uncertain')
})

/** A deployment whose command hangs, and one that waits behind it. */
async function hang(url: string, environment: string, folder: string): Promise<Hanging> {
  const id = await request(url, environment, 'hang')
  const begun = join(folder, `${id}.begun`)
  await waitUntil(() => existsSync(begun), 'the beginning of a command')
  const [server = 0, ...pids] = (await readFile(begun, 'utf8')).trim().split(' ').map(Number)
  return { environment, id, next: await request(url, environment, 'quick'), server, pids }
}
