import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { may, type Principal, type Target } from '#domain/principal.ts'
import { actionNames, roles, rolesAllow } from '#domain/roles.ts'
import { holds } from './holds.ts'

const project = fc.constantFrom('p1', 'p2')
const environment = fc.constantFrom('e1', 'e2')
const branch = fc.constantFrom('main', 'next')
const action = fc.constantFrom(...actionNames)
const scope = fc.oneof(
  fc.constantFrom(...actionNames),
  fc.constantFrom('*', 'release.*', 'deployment.*', 'live.*'),
)

const principal = fc.record<Principal>({
  kind: fc.constantFrom('user', 'service', 'agent'),
  user_id: fc.option(fc.uuid()),
  token_id: fc.option(fc.uuid()),
  name: fc.string(),
  grants: fc.array(fc.record({ project_id: fc.option(project), role: fc.constantFrom(...roles) }), {
    maxLength: 4,
  }),
  scopes: fc.array(scope, { maxLength: 4 }),
  project_id: fc.option(project),
  environment_ids: fc.option(fc.subarray(['e1', 'e2'])),
  branches: fc.option(fc.subarray(['main', 'next'])),
})

const target: fc.Arbitrary<Target> = fc.record(
  { project_id: fc.option(project), environment_id: environment, branch },
  { requiredKeys: [] },
)

/** Somebody who may all that the roles allow. */
const unlimited = {
  kind: 'user' as const,
  scopes: ['*'],
  project_id: null,
  environment_ids: null,
  branches: null,
}

/** What follows from each part of a principal, one by one: the measure that `may` is held against. */
function reasonsAgainst(who: Principal, what: (typeof actionNames)[number], at: Target): string[] {
  const where = at.project_id ?? null
  const held = who.grants.filter((grant) => grant.project_id === null || grant.project_id === where)
  const against = {
    role: !rolesAllow(
      held.map((grant) => grant.role),
      what,
    ),
    scope: !who.scopes.some((one) => one === '*' || one === what || one === `${what.split('.')[0]}.*`),
    project: who.project_id !== null && who.project_id !== where,
    environment:
      at.environment_id !== undefined && who.environment_ids?.includes(at.environment_id) === false,
    branch: at.branch !== undefined && who.branches?.includes(at.branch) === false,
    agent: who.kind === 'agent' && (what === 'deployment.approve' || what === 'gate.override'),
  }
  return Object.entries(against).flatMap(([reason, is]) => (is ? [reason] : []))
}

test('somebody may what nothing speaks against', (t: TestContext) => {
  holds(
    fc.property(principal, action, target, (who, what, at) => {
      const against = reasonsAgainst(who, what, at)
      t.assert.strictEqual(may(who, what, at), against.length === 0, against.join())
    }),
    5000,
  )
})

test('scopes and limits of a token only narrow', () => {
  holds(
    fc.property(
      principal,
      action,
      target,
      (who, what, at) => !may(who, what, at) || may({ ...who, ...unlimited }, what, at),
    ),
    5000,
  )
})

test('whoever may less scopes, environments or branches may nothing more', () => {
  const narrower = principal.chain((who) =>
    fc.record({
      who: fc.constant(who),
      scopes: fc.subarray(who.scopes),
      environment_ids: fc.subarray(who.environment_ids ?? ['e1', 'e2']),
      branches: fc.subarray(who.branches ?? ['main', 'next']),
    }),
  )
  holds(
    fc.property(
      narrower,
      action,
      target,
      ({ who, ...less }, what, at) => !may({ ...who, ...less }, what, at) || may(who, what, at),
    ),
    5000,
  )
})

test('grants add up', () => {
  holds(
    fc.property(principal, action, target, (who, what, at) => {
      const each = who.grants.some((grant) => may({ ...who, grants: [grant] }, what, at))
      return may(who, what, at) === each
    }),
    2000,
  )
})

test('an agent with every role neither approves nor overrides', (t: TestContext) => {
  const grants = roles.map((role) => ({ project_id: null, role }))
  const agent: Principal = {
    kind: 'agent',
    user_id: 'u',
    token_id: 't',
    name: 'agent',
    grants,
    scopes: ['*', 'deployment.approve', 'gate.*'],
    project_id: null,
    environment_ids: null,
    branches: null,
  }
  const never = actionNames.filter((what) => !may(agent, what, { project_id: 'p1' }))
  t.assert.deepStrictEqual(never, ['deployment.approve', 'gate.override'])
  t.assert.ok(actionNames.every((what) => may({ ...agent, kind: 'user' }, what, { project_id: 'p1' })))
})

test('a role on one project says nothing on another, nor on the instance', (t: TestContext) => {
  const who: Principal = {
    kind: 'user',
    user_id: 'u',
    token_id: null,
    name: 'ada',
    grants: [{ project_id: 'p1', role: 'admin' }],
    scopes: ['*'],
    project_id: null,
    environment_ids: null,
    branches: null,
  }
  t.assert.ok(may(who, 'project.admin', { project_id: 'p1' }))
  t.assert.strictEqual(may(who, 'project.read', { project_id: 'p2' }), false)
  t.assert.strictEqual(may(who, 'user.admin', {}), false)
  t.assert.strictEqual(may(who, 'user.admin', { project_id: null }), false)
})
