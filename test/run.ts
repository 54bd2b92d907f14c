/**
 * `npm test`: the checks, then every suite on the embedded store, then those that touch a store on PostgreSQL.
 * `npm test -- test/store test/app/x.test.ts` runs only what is named, without the checks; flags go to node.
 */
import { spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NoPostgres, startPostgres } from './postgres.ts'

/** Suites that open no store: PostgreSQL has nothing to say about them. */
const pure = ['test/domain/', 'test/ground/', 'test/rooms', 'test/docs', 'test/package']

const CONCURRENCY = 4
const rounds = process.env.HEADGATE_RECOVERY_ROUNDS ?? '3'
const TEST_TIMEOUT_MS = Number(rounds) > 3 ? 1_800_000 : 300_000

/** Every test's folders go here, so that what a killed test leaves behind goes with the run. */
const scratch = mkdtempSync(join(tmpdir(), 'headgate-tests-'))

let stopPostgres = async () => {}
let interrupted: NodeJS.Signals | undefined
let running: ReturnType<typeof spawn> | undefined

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = signal
    running?.kill(signal)
  })
}

const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
const names = process.argv.slice(2).filter((word) => !word.startsWith('-'))
process.exitCode = await main(names).finally(cleanUp)
if (interrupted) process.exitCode = 130

async function cleanUp(): Promise<void> {
  await stopPostgres()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}

async function main(named: string[]): Promise<number> {
  const files = findTests(named)
  if (files.length === 0) return complain(`no test files in ${named.join(', ') || 'test/'}`)

  const required = process.env.HEADGATE_TEST_POSTGRES === 'required'
  const postgres = await openPostgres()
  if (postgres.missing && required) {
    return complain(`PostgreSQL is required (HEADGATE_TEST_POSTGRES), but ${postgres.missing}`)
  }

  const results: number[] = []
  if (named.length === 0) results.push(await run('npm', ['run', '--silent', 'check'], {}))
  results.push(await runTests('pglite', files, {}))
  const onPostgres = files.filter((file) => !pure.some((start) => file.startsWith(start)))
  if (postgres.url && onPostgres.length > 0) {
    results.push(await runTests('postgres', onPostgres, { HEADGATE_TEST_DATABASE_URL: postgres.url }))
  }
  if (postgres.missing) say(`POSTGRESQL WAS SKIPPED, the suites ran on PGlite only: ${postgres.missing}`)
  if (named.length === 0 && results[0] !== 0) complain('the checks failed, see above')
  return results.every((code) => code === 0) ? 0 : 1
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

async function openPostgres(): Promise<{ url?: string; missing?: string }> {
  const given = process.env.HEADGATE_TEST_DATABASE_URL
  if (given) return { url: given }
  try {
    const server = await startPostgres()
    stopPostgres = server.stop
    return { url: server.url }
  } catch (error) {
    if (error instanceof NoPostgres) return { missing: error.message }
    throw error
  }
}

function runTests(store: string, files: string[], extra: NodeJS.ProcessEnv): Promise<number> {
  if (interrupted) return Promise.resolve(1)
  say(`${files.length} test files on ${store}`)
  const options = [
    '--test',
    `--test-concurrency=${CONCURRENCY}`,
    `--test-timeout=${TEST_TIMEOUT_MS}`,
    ...flags,
  ]
  return run(process.execPath, [...options, ...files], { HEADGATE_TEST_STORE: store, ...extra })
}

async function run(command: string, args: string[], extra: NodeJS.ProcessEnv): Promise<number> {
  const env = { ...cleanEnvironment(), TMPDIR: scratch, HEADGATE_RECOVERY_ROUNDS: rounds, ...extra }
  const child = spawn(command, args, { stdio: 'inherit', env })
  running = child
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(complain(error.message)))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** What the developer has set for a server of theirs must not reach the servers under test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = (name: string) => name === 'DATABASE_URL' || name.startsWith('HEADGATE_')
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign(name)))
}

function say(line: string): void {
  process.stdout.write(`\n=== ${line}\n`)
}

function complain(line: string): number {
  process.stderr.write(`\n!!! ${line}\n`)
  return 1
}
