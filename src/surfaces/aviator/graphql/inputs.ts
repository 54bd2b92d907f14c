import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { findCodeProject } from '#app/projects/find-code-project.ts'
import { readCandidateVersion } from '#domain/candidate-version.ts'
import { invalidField } from '#domain/errors.ts'
import type { Caller } from './caller.ts'

/** What inputs have in common. Null is as good as nothing. */
type Text = string | null | undefined

const longest = { name: 200, reason: 2000, message: 10_000 }

/** Throws `not_found`, of the project first. */
export async function placeIn(
  { ctx }: Caller,
  { project, environment }: { project: string; environment: string },
): Promise<{ project_id: string; environment_id: string }> {
  const project_id = await projectIn(ctx, project)
  const { id } = await getEnvironmentByName(ctx, { project_id, name: environment })
  return { project_id, environment_id: id }
}

/** Throws `not_found`. */
export async function projectIn(ctx: Caller['ctx'], name: string): Promise<string> {
  return (await findCodeProject(ctx, { name })).id
}

/** A candidate's whole version. Throws `invalid`. */
export function versionIn(version: string): string {
  if (readCandidateVersion(version)) return version
  throw invalidField('releaseCandidateVersion', 'invalid', 'is none, such as 2026.11.21-1-rc1')
}

/** As an optional field of a use-case. Throws `invalid`. */
export function textIn<F extends string>(
  field: F,
  value: Text,
  kind: keyof typeof longest = 'reason',
): { [K in F]?: string } {
  if (typeof value !== 'string') return {}
  if (value.length <= longest[kind]) return { [field]: value } as { [K in F]?: string }
  throw invalidField(field, 'too_long', `may have ${longest[kind]} characters`)
}

/** Of what has to say why. Throws `invalid`. */
export function reasonIn(value: string): { reason: string } {
  if (value.trim() === '') throw invalidField('reason', 'required', 'is missing')
  return { reason: textIn('reason', value).reason! }
}
