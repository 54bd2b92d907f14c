import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { finished } from 'node:stream/promises'

export interface TestRun {
  store: string
  files: string[]
  /** How many test files are run in them, where they are not their own. */
  count?: number
  concurrency: number
  /** Milliseconds, for each file and each test. */
  timeout: number
  env: NodeJS.ProcessEnv
  /** Flags of node for the processes of the tests. */
  execArgv: string[]
  signal: AbortSignal
}

export interface Report {
  run(tests: TestRun): Promise<void>
  /** Prints the failed tests and the sums of all runs. False when anything failed. */
  close(): Promise<boolean>
}

/** The closing lines of `node --test`, in its order. */
const sums = { tests: 0, suites: 0, passed: 0, failed: 0, cancelled: 0, skipped: 0, todo: 0 }
const words = { ...sums, passed: 'pass', failed: 'fail' } as const

/** Several runs of node's test runner as one: one list of failures and one set of closing lines at the end. */
export function startReport(): Report {
  const began = performance.now()
  const reporter = new spec()
  reporter.pipe(process.stdout)
  const totals = { ...sums }
  let passed = true
  const tell = (type: string, data: object) => reporter.write({ type, data })

  return {
    async run({ store, files, count = files.length, ...options }) {
      if (files.length === 0 || options.signal.aborted) return
      tell('test:stdout', { message: `\n=== ${count} test files on ${store}\n` })
      for await (const event of run({ files, ...options })) {
        const { type, data } = event
        if (type === 'test:summary' && data.file === undefined) {
          passed &&= data.success
          for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += data.counts[name]
        } else if (type === 'test:fail') {
          // Shown as `test at test/store/rows.test.ts:12:3 on postgres`; the name itself must stay.
          reporter.write({ ...event, data: { ...data, column: `${data.column} on ${store}` } })
        } else if (!isClosingLine(event)) reporter.write(event)
      }
      passed &&= !options.signal.aborted
    },
    async close() {
      for (const [name, sum] of Object.entries(totals)) {
        const word = words[name as keyof typeof words] || name
        tell('test:diagnostic', { nesting: 0, level: 'info', message: `${word} ${sum}` })
      }
      const duration = Math.round(performance.now() - began)
      tell('test:diagnostic', { nesting: 0, level: 'info', message: `duration_ms ${duration}` })
      reporter.end()
      await finished(reporter)
      return passed
    },
  }
}

function isClosingLine({ type, data }: { type: string; data: object }): boolean {
  return type === 'test:diagnostic' && !('file' in data && data.file !== undefined)
}
