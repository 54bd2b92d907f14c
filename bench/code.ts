/** `node bench/code.ts`: releases of code from real repositories, alone. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findCommit } from '#app/repositories/find-commit.ts'
import { asPrincipal } from '#app/context.ts'
import { readConfig } from '../src/config.ts'
import { openHouse } from '../src/main.ts'
import type { FreshPlace } from '../test/fresh-store.ts'
import { startServer, token } from '../test/server-process.ts'
import { median, type Figure } from './figure.ts'
import { git, manyCommits, type ManyCommits } from './many-commits.ts'
import { printAlone } from './print-alone.ts'
import { residentMegabytes } from './process-memory.ts'

const few = 3000
const many = 100_000

/** Changelogs, commits and memory, through a server in a process of its own. */
export async function measureCode(place: FreshPlace, { rounds = 15 } = {}): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-bench-'))
  try {
    const tiny = await manyCommits(join(folder, 'tiny.git'), 200)
    const small = await manyCommits(join(folder, 'small.git'), few)
    const large = await manyCommits(join(folder, 'large.git'), many)
    const file = join(folder, 'headgate.yaml')
    await writeFile(file, configurationOf({ tiny: tiny.folder, small: small.folder, large: large.folder }))
    const settings = { HEADGATE_CONFIG: file, HEADGATE_RATE_LIMIT: '100000000' }
    const server = await startServer(place, undefined, settings)
    const pid = server.child.pid!
    try {
      // The same of a repository of next to nothing first: what is loaded once is not what many commits cost.
      await useAll(server.url, 'tiny', tiny)
      await sleep(2000)
      const memory = await raisedBy(pid, () => useAll(server.url, 'large', large))
      const changelog = await changelogs(server.url, place, small, rounds)
      await server.stop()
      return figuresOf({ ...changelog, memory, ...(await resolving(place, file, small)) })
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Measured {
  both: number
  line: number
  log: number
  logOfLine: number
  memory: number
  resolve: number
  parse: number
}

function figuresOf({ both, line, log, logOfLine, memory, resolve, parse }: Measured): Figure[] {
  const store = 'postgres'
  const four = (ours: number, reference: number) => ({ words: 'under 4 times', met: ours < 4 * reference })
  const readBy = (value: number) => ({ what: '`git log` of the same range', value })
  return [
    {
      what: `Changelog of ${few.toLocaleString('en')} commits beside a release branch with picks, patch ids warm, median`,
      ...{ store, ours: both, unit: 'ms', reference: readBy(log), goal: four(both, log) },
    },
    {
      what: `Changelog of ${few.toLocaleString('en')} commits in one line, median`,
      ...{ store, ours: line, unit: 'ms', reference: readBy(logOfLine), goal: four(line, logOfLine) },
    },
    {
      what: 'Resolve a commit of a mirrored repository, median',
      ...{ store, ours: resolve, unit: 'ms', reference: { what: '`git rev-parse` of it', value: parse } },
      goal: { words: 'under 15 ms', met: resolve < 15 },
    },
    {
      what: `Memory that a repository of ${many.toLocaleString('en')} commits adds: fetched, a commit found, its changelog read`,
      ...{ store, ours: memory, unit: 'MB', reference: { what: 'most that it may', value: 50 } },
      goal: { words: 'under 50 MB', met: memory < 50 },
    },
  ]
}

async function changelogs(url: string, { dataDir }: FreshPlace, repository: ManyCommits, rounds: number) {
  const { main, release, root } = repository
  const read = (from: string) => ask(url, `projects/small/changelog?from=${from}&to=${main}&limit=10000`)
  // The first makes the mirror, and computes what is kept.
  await read(release)
  const mirror = await mirrorWith(join(dataDir, 'mirrors'), main)
  const log = (from: string) => git(mirror, ['log', `${from}..${main}`])
  // By turns, so that what else goes on meets both.
  const times = { both: [] as number[], line: [] as number[], log: [] as number[], logOfLine: [] as number[] }
  for (let round = -3; round < rounds; round += 1)
    for (const [name, work] of [
      ['both', () => read(release)],
      ['log', () => log(release)],
      ['line', () => read(root)],
      ['logOfLine', () => log(root)],
    ] as const) {
      const took = await timed(work)
      if (round >= 0) times[name].push(took)
    }
  return {
    ...{ both: median(times.both), line: median(times.line) },
    ...{ log: median(times.log), logOfLine: median(times.logOfLine) },
  }
}

async function mirrorWith(mirrors: string, sha: string): Promise<string> {
  for (const name of await readdir(mirrors)) {
    const folder = join(mirrors, name)
    const asking = ['rev-parse', '--verify', '--quiet', `${sha}^{commit}`]
    if (name.endsWith('.git') && (await git(folder, asking).catch(() => ''))) return folder
  }
  throw new Error(`no mirror has ${sha}`)
}

async function resolving(place: FreshPlace, file: string, { folder }: ManyCommits) {
  const shas = (await git(folder, ['rev-list', '--max-count=1000', 'main']))
    .split('\n')
    .filter((_, at) => at % 20 === 0)
  const config = readConfig({
    ...{ HEADGATE_PORT: '0', HEADGATE_ROLE: 'api', HEADGATE_LOG_LEVEL: 'fatal', HEADGATE_CONFIG: file },
    ...{ HEADGATE_DATA_DIR: place.dataDir, DATABASE_URL: place.databaseUrl },
    HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
  })
  const { house, close } = await openHouse(config)
  try {
    const ctx = asPrincipal(house, null)
    const row = house.db.selectFrom('project').select('id').where('key', '=', 'small')
    const { id } = await row.executeTakeFirstOrThrow()
    const [ours, theirs]: number[][] = [[], []]
    for (const sha of shas) {
      ours!.push(await timed(() => findCommit(ctx, id, sha.slice(0, 12))))
      theirs!.push(await timed(() => git(folder, ['rev-parse', '--verify', `${sha.slice(0, 12)}^{commit}`])))
    }
    return { resolve: median(ours!.slice(5)), parse: median(theirs!.slice(5)) }
  } finally {
    await close()
  }
}

/** All that a large repository is asked for: it is fetched, a commit found in it, a page read, and all that is written. */
async function useAll(url: string, key: string, { root, main, release }: ManyCommits): Promise<void> {
  await ask(url, `projects/${key}/changelog?from=${root}&to=head&limit=200`)
  await ask(url, `projects/${key}/contains?commit=${main.slice(0, 10)}`)
  await ask(url, `projects/${key}/changelog?from=${root}&to=${main}&format=markdown`)
  await ask(url, `projects/${key}/changelog?from=${main}~&to=${release}`).catch(() => undefined)
}

/** How much more memory a process has at most while something is done, in MB. */
async function raisedBy(pid: number, work: () => Promise<void>): Promise<number> {
  const before = await residentMegabytes(pid)
  let most = before
  const ending = new AbortController()
  const watching = (async () => {
    while (!ending.signal.aborted) {
      most = Math.max(most, await residentMegabytes(pid))
      await sleep(20)
    }
  })()
  await work().finally(() => ending.abort())
  await watching
  return most - before
}

async function ask(url: string, path: string): Promise<void> {
  const response = await fetch(`${url}/headgate/v1/${path}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) throw new Error(await response.text())
  for await (const _ of response.body!) continue
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const configurationOf = (folders: Record<string, string>) => `
users:
  - { email: ada@example.com, name: Ada, role: admin, password: recovery-password }
tokens:
  - { name: ci, user: ada@example.com, secret: ${token}, scopes: ['*'] }
projects:
${Object.entries(folders)
  .map(
    ([key, folder]) => `
  - key: ${key}
    kind: code
    code: { repository: { name: acme/${key}, url: ${folder} } }
    environments: [{ name: staging }]`,
  )
  .join('')}
`

if (import.meta.main) await printAlone((place) => measureCode(place))
