import { test, type TestContext } from 'node:test'
import {
  allowedActions,
  arrows,
  finalStates,
  follow,
  isFinal,
  runningStates,
  states,
  type DeploymentState,
  type DeploymentTrigger,
} from '#domain/lifecycle.ts'

/** "The life of a deployment" of model.md, written down a second time: from, on, to. */
const table = `
  requested          admitted          queued
  requested          invalid           invalid
  requested          missed            expired
  requested          done_at_once      succeeded
  queued             started           planning
  planning           no_change         unchanged
  planning           planned_dry       planned
  planning           planned           applying
  planning           needs_approval    awaiting_approval
  planning           lost              queued
  awaiting_approval  approved          applying
  awaiting_approval  rejected          rejected
  awaiting_approval  timed_out         expired
  applying           finished          succeeded
  applying           finished_in_part  partly_succeeded
  applying           broke             failed
  applying           lost_repeatable   queued
  applying           lost_for_good     failed
  requested          cancel            canceled
  queued             cancel            canceled
  awaiting_approval  cancel            canceled
  planning           cancel            canceling
  applying           cancel            canceling
  canceling          stopped           canceled
  canceling          lost              canceled
  canceling          too_late          succeeded
  canceling          too_late_broke    failed
`
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [DeploymentState, DeploymentTrigger, DeploymentState])

/** States that nothing leads out of, and the others. */
const ends = 'invalid expired unchanged planned rejected succeeded partly_succeeded failed canceled'.split(
  ' ',
)
const ways = 'requested queued planning awaiting_approval applying canceling'.split(' ')

test('the states are those of the table, and no others', (t: TestContext) => {
  t.assert.deepStrictEqual(states.toSorted(), [...ends, ...ways].toSorted())
  t.assert.strictEqual(new Set(states).size, states.length)
})

const triggers = [...new Set(rows.map(([, on]) => on))]

for (const from of [...ends, ...ways] as DeploymentState[]) {
  test(`from ${from}: every arrow that is there, and none that is not`, (t: TestContext) => {
    for (const on of triggers) {
      const wanted = rows.find(([start, trigger]) => start === from && trigger === on)?.[2]
      t.assert.strictEqual(follow(from, on), wanted, `${from} on ${on}`)
    }
  })
}

test('there is no trigger and no arrow beside the table', (t: TestContext) => {
  t.assert.deepStrictEqual([...new Set(arrows.map(([, on]) => on))].toSorted(), triggers.toSorted())
  t.assert.strictEqual(arrows.length, rows.length)
  t.assert.strictEqual(new Set(arrows.map(([from, on]) => `${from} ${on}`)).size, arrows.length)
})

test('no way leads out of a final state, and one out of any other', (t: TestContext) => {
  t.assert.deepStrictEqual(finalStates.toSorted(), ends.toSorted())
  for (const state of states) {
    t.assert.strictEqual(isFinal(state), ends.includes(state), state)
    t.assert.strictEqual(
      triggers.some((on) => follow(state, on) !== undefined),
      !ends.includes(state),
      state,
    )
  }
})

test('every state can be reached, and from each an end can', (t: TestContext) => {
  const reach = (start: DeploymentState): Set<DeploymentState> => {
    const found = new Set([start])
    for (const state of found) for (const [from, , to] of arrows) if (from === state) found.add(to)
    return found
  }
  t.assert.deepStrictEqual([...reach('requested')].toSorted(), states.toSorted())
  for (const state of states) t.assert.ok([...reach(state)].some(isFinal), state)
})

test('an environment holds one of those that plan, wait for approval, apply or stop', (t: TestContext) => {
  t.assert.deepStrictEqual(runningStates.toSorted(), [
    'applying',
    'awaiting_approval',
    'canceling',
    'planning',
  ])
})

test('what can be asked of a deployment, state by state', (t: TestContext) => {
  const asked: Record<DeploymentState, string[]> = {
    requested: ['cancel'],
    queued: ['cancel'],
    planning: ['cancel'],
    awaiting_approval: ['approve', 'reject', 'cancel'],
    applying: ['cancel'],
    canceling: [],
    invalid: [],
    expired: [],
    unchanged: [],
    planned: [],
    rejected: [],
    succeeded: ['roll_back'],
    partly_succeeded: ['roll_back', 'retry'],
    failed: ['retry'],
    canceled: [],
  }
  for (const state of states) t.assert.deepStrictEqual(allowedActions(state), asked[state], state)
  for (const state of ['failed', 'canceled'] as const)
    t.assert.deepStrictEqual(allowedActions(state, { uncertain: true }), ['roll_back', 'retry'], state)
  t.assert.deepStrictEqual(allowedActions('failed', { stale: true }), [], 'it is planned anew')
})
