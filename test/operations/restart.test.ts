import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readId } from '#domain/ids.ts'
import { testStore } from '../fresh-store.ts'
import { startPostgres } from '../postgres.ts'
import { deploy, makeRelease, stateOf, until } from './one-release.ts'
import { apiKey, startServer, token, type ServerProcess } from '../server-process.ts'

const v1 = '/headgate/v1'
const skip = testStore === 'postgres' ? false : 'the embedded store ends with its process'

interface Answer {
  status: number
  retryAfter: string | null
  body: { code?: string; error_code?: number; id?: string; release?: { uid: string } }
  tookMs: number
}

async function ask(url: string, path: string, body: unknown): Promise<Answer> {
  const began = performance.now()
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, api_key: apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: (await response.json()) as Answer['body'],
    tookMs: performance.now() - began,
  }
}

/** Makes releases at both doors, side by side, until it is told to stop. */
function load(url: string, goOn: () => boolean): Promise<Answer[][]> {
  return Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      const answers: Answer[] = []
      for (let n = 0; goOn(); n += 1) {
        const name = `Release ${writer}-${n}`
        answers.push(
          writer % 2
            ? await ask(url, '/v3/releases', { release: { name } })
            : await ask(url, `${v1}/projects/site/releases`, { name }),
        )
        if (answers.at(-1)!.status === 503) await sleep(20)
      }
      return answers
    }),
  )
}

const probe = async (url: string, name: string) => (await fetch(`${url}${v1}/${name}`)).status

test(
  'PostgreSQL restarted under load is 503 with Retry-After meanwhile, and nothing acknowledged is lost',
  { skip },
  async (t: TestContext) => {
    const cluster = await startPostgres()
    const dataDir = await mkdtemp(join(tmpdir(), 'headgate-data-'))
    let server: ServerProcess | undefined
    let running = true
    t.after(async () => {
      running = false
      await server?.kill()
      if (!t.passed) console.error(server?.said())
      await cluster.stop()
      await rm(dataDir, { recursive: true, force: true })
    })
    server = await startServer({ dataDir, databaseUrl: cluster.url })
    const { url } = server
    const loaded = load(url, () => running)
    await sleep(300)
    for (const immediate of [false, true]) {
      const restarted = cluster.restart({ immediate, downMs: 800 })
      restarted.catch(() => undefined)
      await until(async () => (await probe(url, 'ready')) === 503, 5000, 'it says that it is not ready')
      t.assert.equal(await probe(url, 'live'), 200, 'the process lives on')
      await restarted
      const began = performance.now()
      await until(async () => (await probe(url, 'ready')) === 200, 15_000, 'it is ready again by itself')
      t.diagnostic(`ready ${Math.round(performance.now() - began)} ms after PostgreSQL was`)
      await sleep(300)
    }
    running = false
    const answers = (await loaded).flat()
    const refused = answers.filter(({ status }) => status !== 201)
    t.diagnostic(`${answers.length} answers, ${refused.length} of them 503`)
    t.assert.ok(refused.length > 0, 'some met the restart')
    t.assert.deepEqual([...new Set(refused.map(({ status }) => status))], [503])
    for (const { retryAfter, body } of refused) {
      t.assert.match(retryAfter ?? '', /^[1-9]$/)
      t.assert.ok(body.code === 'unavailable' || body.error_code === 503, 'in the voice of its door')
    }
    t.assert.ok(Math.max(...answers.map(({ tookMs }) => tookMs)) < 10_000, 'none hangs')

    await goesOn(t, url, server)
    await everythingIsThere(t, cluster.url, answers)
  },
)

/** The queue and what listens came back too: a deployment is done. */
async function goesOn(t: TestContext, url: string, server: ServerProcess): Promise<void> {
  const id = await deploy(url, await makeRelease(url, 'after'))
  const done = async () => (await stateOf(url, id)) === 'succeeded'
  const began = performance.now()
  await until(done, 20_000, 'a deployment is done after the restart')
  t.diagnostic(`a deployment took ${Math.round(performance.now() - began)} ms`)
  t.assert.equal(server.child.exitCode, null)
}

async function everythingIsThere(
  t: TestContext,
  databaseUrl: string,
  answers: readonly Answer[],
): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const ids = (await client.query<{ id: string }>('select id from release')).rows.map(({ id }) => id)
  const externals = (await client.query<{ external: string }>('select external from external_id')).rows
  await client.end()
  const there = new Set([...ids, ...externals.map(({ external }) => external)])
  const made = answers.filter(({ status }) => status === 201)
  const missing = made.filter(
    ({ body }) => !there.has(body.release?.uid ?? readId('release', body.id ?? '') ?? ''),
  )
  t.assert.deepEqual(missing, [], 'what was acknowledged is there')
}
