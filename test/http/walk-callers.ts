import { asPrincipal } from '#app/context.ts'
import { createToken } from '#app/identity/create-token.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { readId } from '#domain/ids.ts'
import { may, type Principal, type Target } from '#domain/principal.ts'
import { actionNames, type Action, type Role } from '#domain/roles.ts'
import type { TestHouse } from '../open-house.ts'
import type { Step } from './walk-table.ts'

/** Somebody at a door. */
export interface Caller {
  who: string
  /** Null: sends none. */
  secret: string | null
  /** Null: nobody that the house knows. */
  principal: Principal | null
}

interface Held {
  project: string | null
  role: Role
}

/** The first admin makes them all, once; those who are narrowed by an action are made when it is first asked. */
export async function makeCallers(house: TestHouse) {
  const post = async <T>(path: string, json: object): Promise<T> => {
    const response = await house.ask(`/headgate/v1${path}`, { json })
    if (response.status !== 201) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as T
  }
  const caller = async (who: string, secret: string): Promise<Caller> => ({
    who,
    secret,
    principal: await principalOf(house.house, secret),
  })
  const token = async (who: string, limits: object): Promise<Caller> => {
    const { secret } = await post<{ secret: string }>('/tokens', { name: who, scopes: ['*'], ...limits })
    return caller(who, secret)
  }
  // As Headgate itself: nobody has to think up a password, and nobody has to hash it.
  const self = asPrincipal(house.house, null)
  const user = async (who: string, grants: readonly Held[], agent = false): Promise<Caller> => {
    const email = `${who.replaceAll(' ', '-')}@example.com`
    const { id } = await post<{ id: string }>('/users', { email, grants, agent })
    const fields = { kind: 'service' as const, name: who, scopes: ['*'], user_id: readId('user', id)! }
    return caller(who, (await createToken(self, fields)).secret)
  }
  const of = (role: Role): Held[] => [{ project: 'site', role }]

  const fixed: Caller[] = [
    { who: 'nobody', secret: null, principal: null },
    { who: 'a wrong token', secret: 'not-a-token-of-this-house', principal: null },
    await user('no role', []),
    await user('viewer', of('viewer')),
    await user('releaser', of('releaser')),
    await user('approver', of('approver')),
    await user('admin', of('admin')),
    await user('admin of another project', [{ project: 'other', role: 'admin' }]),
    await user('agent', [...of('releaser'), ...of('approver'), ...of('admin')], true),
    await token('token of another project', { project: 'other' }),
    await token('token of another environment', { project: 'site', environments: ['production'] }),
    await token('token of another branch', { project: 'site', branches: ['elsewhere'] }),
    await caller('the first admin', house.credentials.token),
  ]
  const narrowed = new Map<string, Promise<Caller>>()
  const without = (action: Action): Promise<Caller> => {
    const who = `token without ${action}`
    const scopes = actionNames.filter((one) => one !== action)
    if (!narrowed.has(who)) narrowed.set(who, token(who, { scopes }))
    return narrowed.get(who)!
  }
  return {
    /** Everybody who asks at a route with these steps. */
    for: async (steps: readonly Step[]): Promise<Caller[]> => {
      const last = steps.at(-1)
      return last?.any.length === 1 ? [...fixed, await without(last.any[0]!)] : fixed
    },
  }
}

/** What the steps are done to, in this test's world. */
export interface Targets {
  project_id: string
  environment_id: string
  /** Whose it is. */
  owner_id: string
}

/** The first step that refuses, as `hidden` where the caller is told that there is nothing; else `allowed`. */
export function verdict(
  principal: Principal,
  steps: readonly Step[],
  { project_id, environment_id, owner_id }: Targets,
): 'allowed' | 'forbidden' | 'hidden' {
  const held = principal.grants.map((grant) => ({ project_id: grant.project_id }))
  const targets: Record<Step['on'], Target[]> = {
    instance: [{}],
    anywhere: [...held, { project_id: principal.project_id }],
    project: [{ project_id }],
    environment: [{ project_id, environment_id }],
    branch: [{ project_id, branch: 'main' }],
    place: [{ project_id, environment_id, branch: 'main' }],
  }
  for (const { any, own, on, hides } of steps) {
    const enough = own && principal.user_id === owner_id ? [...any, own] : any
    const mayAny = (actions: readonly Action[]) =>
      targets[on].some((target) => actions.some((action) => may(principal, action, target)))
    if (!mayAny(enough)) return hides && !mayAny(['project.read']) ? 'hidden' : 'forbidden'
  }
  return 'allowed'
}
