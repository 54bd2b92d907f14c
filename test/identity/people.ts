import { asPrincipal, type Context, type House } from '#app/context.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createUser } from '#app/identity/create-user.ts'
import { principalOf } from '#app/identity/principal-of.ts'
import { DomainError } from '#domain/errors.ts'
import type { Role } from '#domain/roles.ts'
import { insertEnvironment } from '#store/environment.ts'
import { insertProject } from '#store/project.ts'

/** Whether what was thrown is this error. */
export const is = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code

/** A project with two environments, as rows: who acts is what these tests are about. */
export async function project(
  house: House,
  key: string,
): Promise<{ id: string; production: string; staging: string }> {
  const at = house.now()
  const id = house.newId()
  await insertProject(house.db, {
    id,
    key,
    name: key,
    kind: 'content',
    created_by: null,
    created_at: at,
    updated_at: at,
  })
  const environment = async (name: string) => {
    const row = {
      id: house.newId(),
      project_id: id,
      name,
      executor: 'content',
      created_at: at,
      updated_at: at,
    }
    const none = { tier: null, parent_id: null, created_by: null, updated_by: null }
    return (await insertEnvironment(house.db, { ...row, ...none }))?.id as string
  }
  return { id, production: await environment('production'), staging: await environment('staging') }
}

let users = 0
/** Somebody new, acting by a token of all scopes. */
export async function someone(
  ctx: Context,
  role: Role,
  project_id: string | null,
  agent = false,
): Promise<Context> {
  users += 1
  const user = await createUser(ctx, {
    email: `u${users}@example.com`,
    agent,
    grants: [{ project_id, role }],
  })
  const { secret } = await createToken(ctx, { kind: 'service', user_id: user.id, name: 'own', scopes: ['*'] })
  return asPrincipal(ctx, await principalOf(ctx, secret))
}
