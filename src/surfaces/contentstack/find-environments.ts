import { listEnvironments } from '#app/environments/get-environment.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { uidsOfEach } from './names.ts'
import type { StackCall } from './route.ts'

export type Environment = Awaited<ReturnType<typeof listEnvironments>>[number]

type Stack = Pick<StackCall, 'ctx' | 'project_id'>

/** Environments by name or uid, in the order in which they were named. Throws `invalid` at `field`. */
export async function findEnvironments(
  stack: Stack,
  named: readonly string[],
  field = 'environments',
): Promise<Environment[]> {
  const find = await environmentFinder(stack)
  return named.map((name) => {
    const environment = find(name)
    if (environment) return environment
    throw invalidField(field, 'invalid', `The environment '${name}' is not valid.`)
  })
}

/** The environment of the address. Throws `not_found`. */
export async function findEnvironment(stack: Stack, name: string): Promise<Environment> {
  const environment = (await environmentFinder(stack))(name)
  if (environment) return environment
  throw new DomainError('not_found', { what: 'environment', id: name })
}

/** A name comes before a uid: names are what people choose. */
export async function environmentFinder({
  ctx,
  project_id,
}: Stack): Promise<(name: string) => Environment | undefined> {
  const all = await listEnvironments(ctx, { project_id })
  const uids = await uidsOfEach(ctx, 'environment', all)
  return (name) => all.find((one) => one.name === name) ?? all.find(({ id }) => uids(id) === name)
}
