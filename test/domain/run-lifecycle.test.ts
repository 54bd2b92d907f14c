import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import {
  allowedRunActions,
  finalRunStates,
  followRun,
  isFinalRun,
  runArrows,
  runKinds,
  runStates,
  type RunState,
  type RunTrigger,
} from '#domain/run-lifecycle.ts'

/** The life of a run, written down a second time: from, on, to. */
const rows = `
  queued     started          running
  queued     cancel           canceled
  running    finished         succeeded
  running    broke            failed
  running    lost_repeatable  queued
  running    lost_for_good    failed
  running    cancel           canceling
  canceling  stopped          canceled
  canceling  lost             canceled
  canceling  too_late         succeeded
  canceling  too_late_broke   failed
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [RunState, RunTrigger, RunState])

test('every arrow of a run that is there, and none that is not', (t: TestContext) => {
  for (const from of runStates)
    for (const on of new Set(runArrows.map(([, trigger]) => trigger))) {
      const wanted = rows.find(([start, trigger]) => start === from && trigger === on)?.[2]
      t.assert.strictEqual(followRun(from, on), wanted, `${from} on ${on}`)
    }
  t.assert.strictEqual(runArrows.length, rows.length)
})

test('a run can be canceled until it is to stop, and no way leads out of its end', (t: TestContext) => {
  t.assert.deepStrictEqual(finalRunStates.toSorted(), ['canceled', 'failed', 'succeeded'])
  t.assert.deepStrictEqual(
    runStates.filter((state) => allowedRunActions(state).includes('cancel')),
    ['queued', 'running'],
  )
  for (const state of runStates) t.assert.strictEqual(isFinalRun(state), finalRunStates.includes(state))
})

test('the store takes the states and kinds of the table, and no others', (t: TestContext) => {
  const file = new URL('../../src/store/migrations/0005-runs.sql', import.meta.url)
  const [, table = ''] = /create table run \(([^;]*)\);/.exec(readFileSync(file, 'utf8')) ?? []
  const wordsOf = (column: string) => {
    const [, words = ''] = new RegExp(`check \\(${column} in \\(([^)]*)\\)`).exec(table) ?? []
    return words.split(',').map((word) => word.trim().replaceAll("'", ''))
  }
  t.assert.deepStrictEqual(wordsOf('state').toSorted(), runStates.toSorted())
  t.assert.deepStrictEqual(wordsOf('kind').toSorted(), [...runKinds].toSorted())
})
