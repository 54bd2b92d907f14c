import type { Context } from '#app/context.ts'
import { getEnvironmentByName, listEnvironments } from '#app/environments/get-environment.ts'
import { locateProject } from '#app/projects/locate-project.ts'
import { locateRelease } from '#app/releases/locate-release.ts'
import { DomainError, invalidField, type What } from '#domain/errors.ts'
import { readId, type Noun } from '#domain/ids.ts'

/** The uuid behind an id in a path. One that is none names nothing: throws `not_found`. */
export function idIn(noun: Noun & What, shown: string): string {
  const id = readId(noun, shown)
  if (id === undefined) throw new DomainError('not_found', { what: noun, id: shown })
  return id
}

/** The uuid behind an id in a query or a body whose schema has checked its form. */
export function idField(noun: Noun, field: string, shown: string): string {
  const id = readId(noun, shown)
  if (id === undefined) throw invalidField(field, 'invalid', `is no id of a ${noun}`)
  return id
}

/** A time of a body whose schema has checked its form: one that exists, of a year that everybody can write. */
export function timeField(field: string, shown: string): Date {
  const time = new Date(shown)
  const year = time.getUTCFullYear()
  if (Number.isNaN(year) || year < 1970 || year > 9999)
    throw invalidField(field, 'invalid', 'is no time of the years 1970 to 9999')
  return time
}

/** The id after which a page begins, if any. */
export function afterId(noun: Noun, after: string | undefined): string | undefined {
  return after === undefined ? undefined : idField(noun, 'query.after', after)
}

/** The most that an integer column holds. */
export const mostInt4 = 2_147_483_647

/** The number after which a page begins, if any. `most` is what its column can hold. */
export function afterNumber(after: string | undefined, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (after === undefined) return undefined
  if (!/^[0-9]{1,15}$/.test(after) || Number(after) > most)
    throw invalidField('query.after', 'invalid', 'is not the `next` of a page')
  return Number(after)
}

/** For what lies in it: the project itself is read by `getProjectByKey`. */
export function projectAt(ctx: Context, { key }: { key: string }) {
  return locateProject(ctx, { key })
}

export async function environmentAt(ctx: Context, { key, name }: { key: string; name: string }) {
  const project = await projectAt(ctx, { key })
  return getEnvironmentByName(ctx, { project_id: project.id, name })
}

/** The release of a path with the project that it is in. */
export async function releaseAt(ctx: Context, { id }: { id: string }) {
  const release_id = idIn('release', id)
  return { release_id, project_id: await locateRelease(ctx, { release_id }) }
}

/** The ids of environments of one project, as a body names them. Throws `not_found`; `invalid` without a project. */
export async function environmentIdsAt(
  ctx: Context,
  project_id: string | null,
  names: readonly string[],
): Promise<string[]> {
  if (project_id === null)
    throw invalidField('project', 'required', 'is required where environments are named')
  const rows = await listEnvironments(ctx, { project_id })
  return names.map((name) => {
    const row = rows.find((one) => one.name === name)
    if (!row) throw new DomainError('not_found', { what: 'environment', id: name })
    return row.id
  })
}
