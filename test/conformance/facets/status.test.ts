import { test, type TestContext } from 'node:test'
import { states } from '#domain/lifecycle.ts'
import { botIdOf, idOf, readLogId } from '#surfaces/facets/ids.ts'
import { standingsOf, statusWord } from '#surfaces/facets/status.ts'
import { readableName, writeChanges } from '#surfaces/facets/translate/changes.ts'
import { askedStatusWords } from '#surfaces/facets/words.ts'
import type { ToldRelease } from '#app/infra/tell-releases.ts'

const whole = { part: 'whole', timed_out: false, next: false } as const

test('every state has a word, and none that the client of 2025 refuses', (t: TestContext) => {
  const words = Object.fromEntries(states.map((state) => [state, statusWord({ ...whole, state })]))
  t.assert.deepEqual(words, {
    requested: 'QUEUED',
    queued: 'QUEUED',
    planning: 'IN_PROGRESS',
    unchanged: 'FAULT',
    planned: 'SUCCEEDED',
    applying: 'IN_PROGRESS',
    awaiting_approval: 'PENDING_APPROVAL',
    succeeded: 'SUCCEEDED',
    rejected: 'REJECTED',
    expired: 'TIMED_OUT',
    partly_succeeded: 'FAILED',
    failed: 'FAILED',
    canceled: 'STOPPED',
    canceling: 'IN_PROGRESS',
    invalid: 'INVALID',
  })
})

test('what is next in its turn is in progress, what took too long timed out, what was agreed to is approved', (t: TestContext) => {
  t.assert.equal(statusWord({ ...whole, state: 'queued', next: true }), 'IN_PROGRESS')
  t.assert.equal(statusWord({ ...whole, state: 'failed', timed_out: true }), 'TIMED_OUT')
  for (const state of states) t.assert.equal(statusWord({ ...whole, state, part: 'asked' }), 'APPROVED')
})

test('asking for a word finds all that is called so, and nothing else', (t: TestContext) => {
  for (const word of askedStatusWords)
    for (const standing of standingsOf([word])) t.assert.equal(statusWord(standing), word)
  const all = standingsOf([])
  t.assert.equal(all.length, states.length * 3 * 2 * 2)
  t.assert.equal(standingsOf([], ['FAULT']).length, all.length - standingsOf(['FAULT']).length)
  t.assert.deepEqual(standingsOf(['ABORTED']), [])
})

test('an id is 24 digits, and Bot’s half has one digit otherwise', (t: TestContext) => {
  const uuid = '0192f3c4-d5e6-7a8b-9c0d-1e2f3a4b5c6d'
  t.assert.equal(idOf(uuid), '0192f3c4d5e67a8b9c0d1e2f')
  t.assert.equal(botIdOf(uuid), '0192f3c4d5e6ba8b9c0d1e2f')
  t.assert.deepEqual(readLogId(idOf(uuid)), { digits: idOf(uuid), bot: false })
  t.assert.deepEqual(readLogId(botIdOf(uuid).toUpperCase()), { digits: idOf(uuid), bot: true })
  for (const id of ['', 'x', idOf(uuid).slice(1), `${idOf(uuid)}0`, `${idOf(uuid).slice(1)}g`])
    t.assert.equal(readLogId(id), undefined)
})

test('what is replaced goes and comes, and what is only read or forgotten is no change', (t: TestContext) => {
  const effect = (action: string) => ({
    plan_id: 'p',
    item_key: 'service/api',
    address: 'module.x.a.b',
    action,
  })
  const told = { state: 'planned', part: 'whole', items: [] } as unknown as ToldRelease
  const types = (action: string) =>
    writeChanges({ ...told, effects: [effect(action)] as ToldRelease['effects'] }).map(({ type }) => type)
  t.assert.deepEqual(['create', 'update', 'delete', 'replace', 'read', 'forget'].map(types), [
    ['Creation'],
    ['Modifications'],
    ['Destruction'],
    ['Destruction', 'Creation'],
    [],
    [],
  ])
})

test('a change bears the name of its resource, and of what in it', (t: TestContext) => {
  const name = (address: string) => readableName('service/api', address)
  t.assert.equal(name('module.service__api.terraform_data.this'), 'service/api: terraform_data.this')
  t.assert.equal(name('module.service__api["x"].module.y.a.b[0]'), 'service/api: module.y.a.b[0]')
  t.assert.equal(name('terraform_data.this'), 'service/api: terraform_data.this')
})
