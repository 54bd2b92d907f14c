import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import {
  actionNames,
  actions,
  agentMay,
  isScope,
  roles,
  rolesAllow,
  scopesAllow,
  type Role,
} from '#domain/roles.ts'
import { holds } from './holds.ts'

/** The table of model.md, written down a second time: who may do what. */
const may: Record<string, Role[]> = {
  'project.read': ['viewer', 'releaser', 'approver', 'admin'],
  'catalogue.read': ['viewer', 'releaser', 'approver', 'admin'],
  'release.read': ['viewer', 'releaser', 'approver', 'admin'],
  'deployment.read': ['viewer', 'releaser', 'approver', 'admin'],
  'run.read': ['viewer', 'releaser', 'approver', 'admin'],
  'live.read': ['viewer', 'releaser', 'approver', 'admin'],
  'release.preview': ['viewer', 'releaser', 'approver', 'admin'],
  'event.read': ['viewer', 'releaser', 'approver', 'admin'],
  // edit catalogue and releases, lock, clone, request, cancel own, roll back, set a freeze
  'catalogue.edit': ['releaser', 'admin'],
  'release.edit': ['releaser', 'admin'],
  'release.lock': ['releaser', 'admin'],
  'release.clone': ['releaser', 'admin'],
  'deployment.request': ['releaser', 'admin'],
  'deployment.cancel_own': ['releaser', 'admin'],
  'run.request': ['releaser', 'admin'],
  'run.cancel_own': ['releaser', 'admin'],
  'deployment.roll_back': ['releaser', 'admin'],
  'freeze.set': ['releaser', 'admin'],
  // of infrastructure: what a release takes, when it comes, and what Terraform knows
  'artifact.register': ['releaser', 'admin'],
  'override.edit': ['releaser', 'admin'],
  'schedule.edit': ['releaser', 'admin'],
  'drift.ignore': ['releaser', 'admin'],
  'deployment.allow_destroy': ['releaser', 'admin'],
  'state.read': ['releaser', 'admin'],
  'state.write': ['releaser', 'admin'],
  // approve, reject
  'deployment.approve': ['approver', 'admin'],
  'deployment.reject': ['approver', 'admin'],
  'deployment.sign_off': ['approver', 'admin'],
  // unlock, release a hold, lift a freeze, override a gate, cancel any
  'release.unlock': ['approver', 'admin'],
  'state.unlock': ['approver', 'admin'],
  'hold.release': ['approver', 'admin'],
  'freeze.lift': ['approver', 'admin'],
  'gate.override': ['approver', 'admin'],
  'deployment.cancel_any': ['approver', 'admin'],
  'run.cancel_any': ['approver', 'admin'],
  // projects, environments, branches, tokens, users, webhooks
  'project.admin': ['admin'],
  'environment.admin': ['admin'],
  'branch.admin': ['admin'],
  'token.admin': ['admin'],
  'user.admin': ['admin'],
  'webhook.admin': ['admin'],
  'backup.make': ['admin'],
}

test('the actions are those of the table', (t: TestContext) => {
  t.assert.deepStrictEqual(actionNames.toSorted(), Object.keys(may).toSorted())
  t.assert.deepStrictEqual(Object.keys(actions), actionNames)
})

for (const role of roles) {
  test(`what ${role} may, and what not`, (t: TestContext) => {
    for (const action of actionNames)
      t.assert.strictEqual(rolesAllow([role], action), may[action]?.includes(role), `${role} ${action}`)
  })
}

test('roles add up, and nobody may anything without one', () => {
  holds(
    fc.property(fc.subarray([...roles]), fc.constantFrom(...actionNames), (held, action) => {
      return rolesAllow(held, action) === held.some((role) => may[action]?.includes(role))
    }),
  )
})

test('a scope is an action, all of a noun, or all', (t: TestContext) => {
  const nouns = [...new Set(actionNames.map((action) => action.split('.')[0] ?? ''))]
  for (const action of actionNames) {
    t.assert.ok(isScope(action), action)
    t.assert.ok(scopesAllow(['*'], action), action)
    t.assert.strictEqual(scopesAllow([], action), false, action)
    for (const other of actionNames)
      t.assert.strictEqual(scopesAllow([other], action), other === action, `${other} ${action}`)
    for (const noun of nouns)
      t.assert.strictEqual(
        scopesAllow([`${noun}.*`], action),
        action.startsWith(`${noun}.`),
        `${noun} ${action}`,
      )
  }
  for (const noun of nouns) t.assert.ok(isScope(`${noun}.*`), noun)
  for (const none of ['', '.', '.*', '**', 'release', 'release.', 'release.delete', 'Release.edit', '*.read'])
    t.assert.strictEqual(isScope(none), false, none)
})

test('an agent never approves and never overrides', (t: TestContext) => {
  t.assert.deepStrictEqual(
    actionNames.filter((action) => !agentMay(action)),
    ['deployment.approve', 'gate.override'],
  )
})
