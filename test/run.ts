/**
 * `npm test`: the checks, then every suite on the embedded store, then those that touch a store on PostgreSQL.
 * `npm test -- test/store test/app/x.test.ts` runs only what is named, without the checks; flags go to node.
 */
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { NoPostgres, startPostgres } from './postgres.ts'
import { startReport } from './report.ts'
import { shareOut } from './share-out.ts'
import { touchesStore } from './touches-store.ts'

/** Suites that hold the server to times, and so get the machine to themselves. */
const alone = ['test/recovery/', 'test/identity/sign-in']

/**
 * The vendors' doors: what they ask of the store, the suites of the store and of the use-cases ask of both. They are tried
 * on PostgreSQL too where HEADGATE_TEST_DOORS is `both`: decision 0039.
 */
const doors = ['test/conformance/']
const onBoth = (file: string) => process.env.HEADGATE_TEST_DOORS === 'both' || !starts(file, doors)

const CONCURRENCY = 4
const rounds = process.env.HEADGATE_RECOVERY_ROUNDS ?? '3'
const TEST_TIMEOUT_MS = Number(rounds) > 3 ? 1_800_000 : 300_000

/** Every test's folders go here, so that what a killed test leaves behind goes with the run. */
const scratch = mkdtempSync(join(roomForScratch(), 'headgate-tests-'))

/** In memory where there is room: a fresh embedded store is a thousand small files, and every test has its own. */
function roomForScratch(): string {
  const memory = '/dev/shm'
  try {
    accessSync(memory, constants.W_OK)
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > 4 * 2 ** 30 ? memory : tmpdir()
  } catch {
    return tmpdir()
  }
}

const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
const names = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort())

let stopPostgres = async () => {}
process.exitCode = await main(names).finally(cleanUp)
if (interrupted.signal.aborted) process.exitCode = 130

async function main(named: string[]): Promise<number> {
  const files = findTests(named)
  if (files.length === 0) return complain(`no test files in ${named.join(', ') || 'test/'}`)

  const postgres = await openPostgres()
  if (postgres.missing && process.env.HEADGATE_TEST_POSTGRES === 'required') {
    return complain(`PostgreSQL is required (HEADGATE_TEST_POSTGRES), but ${postgres.missing}`)
  }
  const checked =
    named.length > 0 || spawnSync('npm', ['run', '--silent', 'check'], { stdio: 'inherit' }).status === 0

  const report = startReport()
  const runOn = async (store: string, chosen: string[], extra: NodeJS.ProcessEnv = {}) => {
    const env = { ...cleanEnvironment(), ...extra, HEADGATE_TEST_STORE: store }
    // Most of what a test makes is gone before it would have to be copied: a twentieth less of CPU.
    const execArgv = ['--max-semi-space-size=64', ...flags]
    const common = { store, env, execArgv, timeout: TEST_TIMEOUT_MS, signal: interrupted.signal }
    const timed = chosen.filter((file) => starts(file, alone))
    const others = chosen.filter((file) => !timed.includes(file))
    const shared = shareOut(others, join(scratch, `shared-${store}`), CONCURRENCY)
    await report.run({ ...common, files: shared, count: others.length, concurrency: CONCURRENCY })
    await report.run({ ...common, files: timed, concurrency: 1 })
  }
  await runOn('pglite', files)
  if (postgres.url) {
    const again = files.filter((file) => touchesStore(file) && onBoth(file))
    await runOn('postgres', again, { HEADGATE_TEST_DATABASE_URL: postgres.url })
  }
  const passed = await report.close()
  if (postgres.missing) say(`POSTGRESQL WAS SKIPPED, the suites ran on PGlite only: ${postgres.missing}`)
  if (!checked) complain('the checks failed, see above')
  return passed && checked ? 0 : 1
}

function findTests(named: string[]): string[] {
  const patterns = named.length === 0 ? ['test'] : named
  const found = patterns.flatMap((pattern) =>
    existsSync(pattern) && statSync(pattern).isDirectory()
      ? globSync(join(pattern, '**/*.test.ts'))
      : globSync(pattern),
  )
  return [...new Set(found)].toSorted()
}

function starts(file: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => resolve(file).startsWith(resolve(beginning)))
}

async function openPostgres(): Promise<{ url?: string; missing?: string }> {
  const given = process.env.HEADGATE_TEST_DATABASE_URL
  if (given) return { url: given }
  try {
    const server = await startPostgres({ durable: false })
    stopPostgres = server.stop
    return { url: server.url }
  } catch (error) {
    if (error instanceof NoPostgres) return { missing: error.message }
    throw error
  }
}

/** What the developer has set for a server of theirs must not reach the servers under test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = (name: string) => name === 'DATABASE_URL' || name.startsWith('HEADGATE_')
  const own = Object.entries(process.env).filter(([name]) => !foreign(name))
  return {
    ...Object.fromEntries(own),
    TMPDIR: scratch,
    NODE_COMPILE_CACHE: join(scratch, 'compiled'),
    HEADGATE_RECOVERY_ROUNDS: rounds,
  }
}

async function cleanUp(): Promise<void> {
  await stopPostgres()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}

function say(line: string): void {
  process.stdout.write(`\n=== ${line}\n`)
}

function complain(line: string): number {
  process.stderr.write(`\n!!! ${line}\n`)
  return 1
}
