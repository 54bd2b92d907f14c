import type { VariableMeta } from '#catalogue/infra/blueprint.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readSources } from './read-sources.ts'

/** A file of a blueprint, as text; what is no text in UTF-8 shows as U+FFFD. */
export interface BlueprintFileView {
  path: string
  text: string
}

export interface BlueprintView {
  digest: string
  /** Null: it lies in a folder. */
  commit: string | null
  /** What environments may give values for, by name. */
  variables: VariableMeta[]
  files: BlueprintFileView[]
}

/**
 * A project's blueprint as its files say it: of a repository as it was fetched last, or, `fresh`, as it is now. Throws
 * `invalid` where there is none or no such branch, `repository_unreachable`.
 */
export async function getBlueprint(
  ctx: Context,
  {
    project_id,
    branch = null,
    fresh = false,
  }: { project_id: string; branch?: string | null; fresh?: boolean },
): Promise<BlueprintView> {
  authorize(ctx, 'catalogue.read', { project_id })
  const { blueprint, commit } = await readSources(ctx, project_id, { branch, kept: !fresh })
  const { digest, variables, tree } = blueprint
  return {
    digest,
    commit,
    variables: [...variables.values()],
    files: [...tree.files].map(([path, { bytes }]) => ({ path, text: new TextDecoder().decode(bytes) })),
  }
}
