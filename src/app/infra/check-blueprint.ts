import type { Finding } from '#domain/blueprint.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readEnvironment } from './take-snapshot.ts'

/** What a release of an environment would be made from now, and what is wrong with it. */
export interface BlueprintCheck {
  blueprint_digest: string
  modules_digest: string
  /** Null: it lies in a folder. */
  commit: string | null
  /** How many resources would be released. */
  resources: number
  findings: readonly Finding[]
}

/** Reads the blueprint of an environment as it is now. Throws `invalid` where there is none, `repository_unreachable`. */
export async function checkBlueprint(
  ctx: Context,
  place: { project_id: string; environment_id: string },
): Promise<BlueprintCheck> {
  authorize(ctx, 'catalogue.read', place)
  const { sources, effective } = await readEnvironment(ctx, place)
  return {
    blueprint_digest: sources.blueprint.digest,
    modules_digest: sources.modules.digest,
    commit: sources.commit,
    resources: effective.found.resources.length,
    findings: effective.found.findings,
  }
}
