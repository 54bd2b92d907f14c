import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { markName } from '#ground/process-tree.ts'
import { startFileProvider, type Operation } from '../../examples/file-provider/start-file-provider.ts'
import { signal } from '../engine/wait-for.ts'
import { waitUntil } from '../engine/wait-until.ts'
import { freshPlace, openPlace, type FreshPlace } from '../fresh-store.ts'
import { terraformOrSkip } from '../infra-house.ts'
import { usualModules } from '../infra-modules.ts'
import { startServer, type ServerProcess } from '../server-process.ts'
import { call } from './client.ts'
import { end } from './commands.ts'

const v1 = '/headgate/v1'
const bob = 'recovery-approver-0123456789'
/** One of each is lost in a round, and a round is a few releases. */
const rounds = Math.ceil(Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3) / 3)

/** What the killed server was at: planning, applying, and what waited in between to be approved. */
const environments = ['planning', 'applying', 'agreed'] as const
type Environment = (typeof environments)[number]

interface Ground {
  folder: string
  reattach: string
  touched: string[]
  /** Awaited before anything is done to a file. */
  before: (operation: Operation, path: string) => unknown
}

test(`in ${rounds} rounds a server is killed while it plans, while it applies and in between: each environment is as it should be, nothing is applied twice, no lock and no Terraform is left; and one that is told to stop ends what it applies`, async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const place = await freshPlace()
  const ground = await prepare(t)
  let server: ServerProcess | undefined
  t.after(async () => {
    await server?.kill()
    await place.remove()
  })
  server = await startServer(place)
  await call(server.url, 'POST', `${v1}/configuration`, { yaml: yamlOf(ground) })
  await write(ground, 'zero')
  for (const environment of environments) {
    const id = await release(server.url, environment)
    if (environment === 'agreed') await approve(server.url, id)
    await succeeded(t, server.url, id)
  }
  for (let round = 1; round <= rounds; round += 1) {
    const wanted = `round ${round}`
    await write(ground, wanted)
    ground.touched.length = 0
    const asked = await reach(server.url, ground)
    // What was agreed to is what is applied, whatever the blueprint says by then.
    await write(ground, 'never')
    await server.kill()
    ground.before = () => {}
    await waitUntil(
      async () => (await running(Object.values(asked))).length === 0,
      'the end of every Terraform',
    )
    server = await startServer(place)
    const { url } = server
    await approve(url, asked.agreed)
    for (const environment of environments) {
      await succeeded(t, url, asked[environment])
      for (const name of ['a', 'b'])
        t.assert.strictEqual(await real(ground, `${environment}/${name}.config`), wanted)
    }
    const updates = ground.touched.filter((one) => one.startsWith('update ')).toSorted()
    t.assert.deepStrictEqual([...new Set(updates)], updates, 'no file was written twice')
    t.assert.strictEqual(updates.length, 6)
  }
  server = await stopWhileApplying(t, ground, place, server)
  await server.stop()
  server = undefined
  const store = await openPlace(place)
  const states = await store.db
    .selectFrom('infra_state')
    .select(['lock_id'])
    .execute()
    .finally(() => store.close())
  t.assert.deepStrictEqual(states, [{ lock_id: null }, { lock_id: null }, { lock_id: null }])
})

/** A server that is told to stop lets what is applied come to its end, and keeps its state until then. */
async function stopWhileApplying(
  t: TestContext,
  ground: Ground,
  place: FreshPlace,
  server: ServerProcess,
): Promise<ServerProcess> {
  await write(ground, 'stopped')
  const [applying, goOn] = [signal(), signal()]
  ground.before = async (operation, path) => {
    if (path !== 'applying/b.config' || operation !== 'update') return
    applying.give()
    await goOn.promise
  }
  const id = await release(server.url, 'applying')
  await applying.promise
  const stopped = server.stop()
  // Long enough for a server that would close at once to be closed.
  await sleep(500)
  goOn.give()
  await stopped
  const next = await startServer(place)
  await succeeded(t, next.url, id)
  const { items } = await call<{ items: { text: string }[] }>(next.url, 'GET', `${v1}/deployments/${id}/log`)
  t.assert.strictEqual(
    items.filter(({ text }) => text.startsWith('planning, by')).length,
    1,
    'it was done at once',
  )
  t.assert.strictEqual(await real(ground, 'applying/b.config'), 'stopped')
  return next
}

/** Brings each environment to where it is to be lost, and answers what was asked for there. */
async function reach(url: string, ground: Ground): Promise<Record<Environment, string>> {
  const agreed = await release(url, 'agreed')
  await inState(url, agreed, 'awaiting_approval')
  const [applying, reading] = [signal(), signal()]
  const held = new Promise(() => {})
  ground.before = (operation, path) => {
    if (path === 'applying/b.config' && operation === 'update') return hold(applying.give)
    if (path === 'planning/b.config') return hold(reading.give)
    return undefined
  }
  const hold = (reached: () => void) => {
    reached()
    return held
  }
  const asked = { agreed, applying: await release(url, 'applying'), planning: '' }
  await applying.promise
  await waitUntil(() => ground.touched.includes('update applying/a.config'), 'the other file')
  asked.planning = await release(url, 'planning')
  // With one core it waits for its turn, which is planning too.
  if (availableParallelism() > 1) await reading.promise
  await inState(url, asked.planning, 'planning')
  return asked
}

async function prepare(t: TestContext): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-infra-'))
  const ground: Ground = { folder, reattach: '', touched: [], before: () => {} }
  await mkdir(join(folder, 'real'))
  const provider = await startFileProvider({
    folder: join(folder, 'real'),
    async before(operation, path) {
      await ground.before(operation, path)
      ground.touched.push(`${operation} ${path}`)
    },
  })
  ground.reattach = provider.reattach
  t.after(async () => {
    provider.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  await put(folder, 'blueprint/stack.json', JSON.stringify({ name: 'platform' }))
  for (const [where, files] of Object.entries(usualModules))
    for (const [path, text] of Object.entries(files)) await put(folder, join('modules', where, path), text)
  return ground
}

const yamlOf = ({ folder, reattach }: Ground) => `
users: [{ email: bob@example.com, name: Bob, role: approver, password: recovery-password }]
tokens: [{ name: bob, user: bob@example.com, secret: ${bob}, scopes: ['*'] }]
projects:
  - key: platform
    kind: infra
    infra: { blueprint: { path: ${folder}/blueprint }, modules: { path: ${folder}/modules } }
    environments:
${environments
  .map(
    (name) => `      - name: ${name}
        deploy: { executor: terraform, environment: { TF_REATTACH_PROVIDERS: '${reattach}' } }
        ${name === 'agreed' ? 'approvals: { count: 1 }' : ''}`,
  )
  .join('\n')}
`

async function write({ folder }: Ground, content: string): Promise<void> {
  for (const name of ['a', 'b']) {
    const file = { kind: 'config', flavor: 'default', version: '0.1', metadata: { name }, spec: { content } }
    await put(folder, `blueprint/config/instances/${name}.json`, JSON.stringify(file))
  }
}

async function put(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

const real = ({ folder }: Ground, file: string) => readFile(join(folder, 'real', file), 'utf8')

async function release(url: string, environment: Environment): Promise<string> {
  const path = `${v1}/projects/platform/environments/${environment}/deployments`
  return (await call<{ id: string }>(url, 'POST', path, {})).id
}

async function inState(url: string, id: string, wanted: string): Promise<{ plan_digest: string }> {
  let found = { state: '', plan_digest: '' }
  await waitUntil(async () => {
    found = await call<typeof found>(url, 'GET', `${v1}/deployments/${id}`)
    return found.state === wanted
  }, `${wanted} of ${id}`)
  return found
}

async function approve(url: string, id: string): Promise<void> {
  const { plan_digest } = await inState(url, id, 'awaiting_approval')
  const authorization = `Bearer ${bob}`
  await call(url, 'POST', `${v1}/deployments/${id}/approve`, { plan_digest }, { authorization })
}

async function succeeded(t: TestContext, url: string, id: string): Promise<void> {
  const { state, failure_code } = await end(url, id)
  t.assert.deepStrictEqual([state, failure_code], ['succeeded', null], id)
}

/** Processes that were started for these deployments: each carries its deployment's id. */
async function running(ids: readonly string[]): Promise<string[]> {
  const uuids = ids.map((id) => id.replace(/^dep_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const said = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return uuids.some((uuid) => said.includes(`${markName}=${uuid}`)) ? [pid] : []
    }),
  )
  return found.flat()
}
