import { Compile } from 'typebox/compile'
import { DomainError, invalidField } from '#domain/errors.ts'
import { faultsFrom } from '#domain/schema-faults.ts'
import type { ProjectRow } from '#store/project.ts'
import type { ProjectPart } from '../configuration/project-part.ts'
import { transact, type Context } from '../context.ts'
import { createProjectIn, type NewProject } from './create-project.ts'

/**
 * A new project with what its kind needs from the beginning; `said` is what headgate.yaml would say under the kind.
 * Throws `already_exists` and `invalid`.
 */
export async function createProjectOfKind(
  ctx: Context,
  parts: readonly ProjectPart[],
  input: NewProject & { key: string },
  said: unknown = {},
): Promise<ProjectRow> {
  const { key, kind } = input
  const part = parts.find((one) => one.kind === kind)
  if (!part) throw invalidField('kind', 'invalid', `is not available yet: ${kind}`)
  const compiled = Compile(part.schema)
  if (!compiled.Check(said))
    throw new DomainError('invalid', { faults: faultsFrom(compiled.Errors(said), [kind]) })
  return transact(ctx, async (unit) => {
    const project = await createProjectIn(ctx, unit, input)
    await part.apply(
      { ctx, unit, project: { id: project.id, key, created: true }, environments: [], folder: process.cwd() },
      said,
    )
    return project
  })
}
