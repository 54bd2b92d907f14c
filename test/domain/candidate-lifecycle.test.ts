import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import {
  candidateArrows,
  candidateStates,
  followCandidate,
  type CandidateState,
  type CandidateTrigger,
} from '#domain/candidate-lifecycle.ts'
import { freshStore } from '../fresh-store.ts'

const triggers = [...new Set(candidateArrows.map(([, on]) => on))]

/** The life of a candidate, written down a second time: from, on, to. */
const rows = `
  picking       picked             ready
  picking       picked_to_build    building
  picking       clashed            conflicted
  picking       nothing_new        dropped
  picking       broke              pick_failed
  pick_failed   pick_again         picking
  pick_failed   dropped            dropped
  conflicted    resolved           ready
  conflicted    resolved_to_build  building
  conflicted    dropped            dropped
  building      built              ready
  building      broke              build_failed
  build_failed  build_again        building
  ready         build_again        building
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [CandidateState, CandidateTrigger, CandidateState])

test('every arrow of a candidate that is there, and none that is not', (t: TestContext) => {
  for (const from of candidateStates)
    for (const on of triggers) {
      const wanted = rows.find(([start, trigger]) => start === from && trigger === on)?.[2]
      t.assert.strictEqual(followCandidate(from, on), wanted, `${from} on ${on}`)
    }
  t.assert.strictEqual(candidateArrows.length, rows.length)
})

test('the store knows exactly the states of a candidate that the table knows', async (t: TestContext) => {
  const { db } = await freshStore(t)
  const found = await sql<{ def: string }>`
    select pg_get_constraintdef(oid) as def from pg_constraint where conname = 'candidate_state_check'`.execute(
    db,
  )
  const known = [...found.rows[0]!.def.matchAll(/'([a-z_]+)'/g)].map(([, state]) => state!)
  t.assert.deepEqual(known.toSorted(), [...candidateStates].toSorted())
})
