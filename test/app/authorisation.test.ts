import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { createUser } from '#app/identity/create-user.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import { may, type Principal } from '#domain/principal.ts'
import { actionNames, actions, roles, type Action, type Role } from '#domain/roles.ts'
import { shared } from '../share-house.ts'
import { smallHouse } from '../small-house.ts'
import type { Attempt } from './attempt.ts'
import { attempts } from './attempts.ts'
import { makeWorld, type World } from './world.ts'

/** Actions whose use-cases are still to come: the law itself is asked. */
const later: readonly Action[] = []

interface Person {
  who: string
  principal: Principal
  /** Whether the table of model.md lets them. */
  may: boolean
}

type Ask = Pick<Attempt, 'action' | 'on' | 'or' | 'needs'>

/** Everybody whom the table tells apart, and whether they may. */
async function people(ctx: Context, world: World, { action, on, or, needs = [] }: Ask): Promise<Person[]> {
  const { id: user_id } = await createUser(ctx, { email: `${ctx.newId()}@example.com` })
  const base: Principal = {
    ...{ kind: 'user', user_id, token_id: null, name: 'somebody', grants: [], scopes: ['*'] },
    ...{ project_id: null, environment_ids: null, branches: null },
  }
  const admin = { ...base, grants: [{ project_id: null, role: 'admin' as const }] }
  const [here, there] = [world.project_id, world.other_id]
  const inside = on === 'project'
  const holding = (held: readonly Role[], project_id: string | null): Principal => ({
    ...base,
    grants: held.map((role) => ({ project_id, role })),
  })
  const allowed = (held: readonly Role[]) => {
    const covers = (one: Action) => held.some((role) => (actions[one] as readonly Role[]).includes(role))
    return (covers(action) || (or !== undefined && covers(or))) && needs.every(covers)
  }
  const both = ['releaser', 'approver'] as const
  const others = actionNames.filter((one) => one !== action && one !== or)
  const neverByAgents = action === 'deployment.approve' || action === 'gate.override'
  return [
    { who: 'nobody', principal: base, may: false },
    ...roles.flatMap((role): Person[] => [
      { who: `${role} of the instance`, principal: holding([role], null), may: allowed([role]) },
      { who: `${role} of the project`, principal: holding([role], here), may: inside && allowed([role]) },
      { who: `${role} of another project`, principal: holding([role], there), may: false },
    ]),
    { who: 'releaser and approver at once', principal: holding(both, here), may: inside && allowed(both) },
    { who: 'an admin’s token of another project', principal: { ...admin, project_id: there }, may: false },
    { who: 'an admin’s token of the project', principal: { ...admin, project_id: here }, may: inside },
    { who: 'an admin’s token of this scope', principal: { ...admin, scopes: [action, ...needs] }, may: true },
    { who: 'an admin’s token of all other scopes', principal: { ...admin, scopes: others }, may: false },
    { who: 'an admin’s token of no scope', principal: { ...admin, scopes: [] }, may: false },
    { who: 'an agent that is admin', principal: { ...admin, kind: 'agent' }, may: !neverByAgents },
  ]
}

const house = shared(smallHouse)

for (const action of actionNames.filter((one) => !later.includes(one))) {
  test(`${action}: who may and who may not`, async (t: TestContext) => {
    const { ctx } = house()
    const world = await makeWorld(ctx, action.replace('.', '-'))
    for (const attempt of attemptsOf(action)) {
      for (const person of await people(ctx, world, attempt)) {
        const facts = await attempt.prepare?.(ctx, world, person.principal)
        const there = [...Object.values(world), facts]
        const act = () => attempt.act(asPrincipal(ctx, person.principal), world, facts ?? '')
        const passed = await letThrough(act, there)
        t.assert.equal(passed, person.may, `${attempt.what}, as ${person.who}`)
      }
    }
  })
}

test('what is still to come is law already', async (t: TestContext) => {
  const { ctx } = house()
  const world = await makeWorld(ctx)
  for (const action of later)
    for (const { who, principal, may: should } of await people(ctx, world, { action, on: 'project' }))
      t.assert.equal(may(principal, action, world), should, `${action}, as ${who}`)
})

test('a token bound to environments or branches does not leave them', (t: TestContext) => {
  const bound: Principal = {
    ...{ kind: 'service', user_id: null, token_id: null, name: 'bound', scopes: ['*'], project_id: 'p' },
    ...{ grants: [{ project_id: null, role: 'admin' }], environment_ids: ['e'], branches: ['main'] },
  }
  for (const action of actionNames) {
    t.assert.ok(may(bound, action, { project_id: 'p', environment_id: 'e', branch: 'main' }), action)
    t.assert.ok(!may(bound, action, { project_id: 'p', environment_id: 'f' }), action)
    t.assert.ok(!may(bound, action, { project_id: 'p', branch: 'dev' }), action)
  }
})

test('every action is in this table', (t: TestContext) => {
  const missing = actionNames.filter((action) => !later.includes(action) && attemptsOf(action).length === 0)
  const golden = join(import.meta.dirname, '../golden/actions-without-authorisation-test.txt')
  t.assert.fileSnapshot(missing.map((action) => `${action}\n`).join(''), golden, { serializers: [String] })
})

function attemptsOf(action: Action): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.action === action)
}

/**
 * Whether it was neither forbidden nor hidden, as what is `there` can be from who may not even read it. What else is
 * wrong with it is another question.
 */
async function letThrough(act: () => Promise<unknown>, there: readonly unknown[]): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return (
      error.code !== 'forbidden' && !(isDomainError(error, 'not_found') && there.includes(error.details.id))
    )
  }
}
