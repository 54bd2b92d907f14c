import { createHash } from 'node:crypto'
import { after, before, type TestContext } from 'node:test'
import { asPrincipal, type Context } from '#app/context.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { createProject } from '#app/projects/create-project.ts'
import { stateCredential } from '#app/state/state-credential.ts'
import { roles, type Role } from '#domain/roles.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { insertRun, type RunRow } from '#store/run.ts'
import { openHouse, type TestHouse } from '../../open-house.ts'

export interface Asking {
  /** `user:password`; the releaser's token where it is left out; null: none. */
  as?: string | null
  body?: string
  headers?: Record<string, string>
  /** Behind the address of the state: `/lock`, `?ID=…`. */
  at?: string
}

/** An environment of infrastructure, and its state over the wire. */
export interface StatePlace {
  environment: EnvironmentRow
  path: string
  ask(method: string, asking?: Asking): Promise<Response>
  /** Writes a state under a lock, or without one; answers the status. */
  post(state: object, lock_id?: string, as?: string): Promise<number>
  lock(id: string, as?: string): Promise<Response>
  /** A run of ours that is at work, and as what its attempt comes. */
  own(attempt: number): Promise<{ run_id: string; as: string; subject: { kind: 'run'; id: string } }>
}

export interface StateHouse extends TestHouse {
  ctx: Context
  /** `x:secret` of somebody of each role. */
  basic: Record<Role, string>
  stateOf(name?: string): Promise<StatePlace>
}

/** One house for all the tests of a file. Its engine takes nothing in hand: what is at work is written by hand. */
export function sharedStateHouse(): () => StateHouse {
  let house: StateHouse
  const closers: (() => unknown)[] = []
  before(async () => {
    house = await openStateHouse({
      after: (close: () => unknown) => closers.push(close),
    } as unknown as TestContext)
  })
  after(async () => {
    for (const close of closers.toReversed()) await close()
  })
  return () => house
}

async function openStateHouse(
  t: TestContext,
  env: Record<string, string> = { HEADGATE_ROLE: 'api' },
): Promise<StateHouse> {
  const opened = await openHouse(t, env)
  const ctx = asPrincipal(opened.house, null)
  const basic = {} as Record<Role, string>
  for (const role of roles) {
    const grants = [{ project_id: null, role }]
    const { id } = await createUser(ctx, { email: `${role}@example.com`, grants })
    const { secret } = await createToken(ctx, { kind: 'service', name: role, scopes: ['*'], user_id: id })
    basic[role] = `x:${secret}`
  }
  let count = 0
  return {
    ...opened,
    ...{ ctx, basic },
    async stateOf(name = 'prod') {
      count += 1
      const key = `platform-${count}`
      const { id: project_id } = await createProject(ctx, { key, name: key, kind: 'infra' })
      const environment = await createEnvironment(ctx, { project_id, name })
      return placeOf(opened, ctx, basic, environment, `/terraform-state/${key}/${name}`)
    },
  }
}

function placeOf(
  { url, house }: TestHouse,
  ctx: Context,
  basic: Record<Role, string>,
  environment: EnvironmentRow,
  path: string,
): StatePlace {
  const ask: StatePlace['ask'] = (method, { as = basic.releaser, body, headers, at = '' } = {}) =>
    fetch(`${url}${path}${at}`, {
      method,
      headers: {
        ...(as !== null && { authorization: `Basic ${Buffer.from(as).toString('base64')}` }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    })
  return {
    ...{ environment, path, ask },
    async post(state, lock_id, as = basic.releaser) {
      const body = JSON.stringify(state)
      const headers = { 'content-type': 'application/json', 'content-md5': md5(body) }
      const at = lock_id === undefined ? '' : `?ID=${lock_id}`
      return (await ask('POST', { as, body, headers, at })).status
    },
    lock: (id, as = basic.releaser) => ask('LOCK', { as, body: lockInfo(id) }),
    async own(attempt) {
      const id = house.newId()
      const { project_id, id: environment_id } = environment
      await insertRun(ctx.db, {
        ...{ id, project_id, environment_id, deployment_id: null, candidate_id: null, kind: 'drift' },
        ...{ executor: 'terraform', settings: {}, input: {}, cause: 'request', reason: null },
        ...{ requested_by: null, requested_by_token: null, requested_at: house.now() },
      })
      await setRun(ctx, id, { state: 'running', attempt })
      const subject = { kind: 'run', id } as const
      const { username, password } = stateCredential(house, subject, attempt, environment.id)
      return { run_id: id, subject, as: `${username}:${password}` }
    },
  }
}

/** Whatever becomes of it. */
export async function setRun(
  { db }: Context,
  id: string,
  change: Partial<Pick<RunRow, 'state' | 'attempt' | 'finished_at'>>,
): Promise<void> {
  await db.updateTable('run').set(change).where('id', '=', id).execute()
}

export const md5 = (body: string): string => createHash('md5').update(body).digest('base64')

/** As Terraform describes a lock: its own order of fields, which comes back as it is. */
export const lockInfo = (id: string): string =>
  JSON.stringify({
    ...{ ID: id, Operation: 'OperationTypeApply', Info: '', Who: 'ada@laptop', Version: '1.11.4' },
    ...{ Created: '2026-11-21T12:00:00.000Z', Path: '' },
  })

export const state = (serial: number, lineage = 'l-1'): object => ({
  version: 4,
  ...{ terraform_version: '1.11.4', serial, lineage },
  outputs: { token: { value: 'hunter2-of-the-state', type: 'string', sensitive: true } },
  ...{ resources: [], check_results: null },
})
