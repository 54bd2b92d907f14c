import { listSteps, type Step } from '#catalogue/content/list-steps.ts'
import { scopeOfKind } from '#domain/revision.ts'
import { diffLive } from '#store/release-diff.ts'
import type { Context } from '../context.ts'
import { readEnvironment, readRelease, type ReleaseNamed } from './read-place.ts'

/** What deploying a release somewhere would bring of one item. */
export interface ChangelogEntry {
  key: string
  kind: string
  title: string
  /** What is live, and what would be; null: not there. */
  from: string | null
  to: string | null
  /** What is live may be anything. */
  uncertain: boolean
  /** The versions that come with it, latest first, where the catalogue knows them. */
  versions: Step[]
}

/** What deploying a release to an environment now would bring, item by item, by key, after a key. Throws `not_found`. */
export async function listChangelog(
  ctx: Context,
  input: ReleaseNamed & { environment_id: string; limit: number; after?: string },
): Promise<ChangelogEntry[]> {
  const { project_id, release_id, limit, after } = input
  const { project } = await readRelease(ctx, input)
  const { id: environment_id } = await readEnvironment(ctx, input)
  const whole = scopeOfKind(project.kind) === 'whole_state'
  const page = { limit, ...(after === undefined ? {} : { after }) }
  const found = await diffLive(ctx.db, { release_id }, { environment_id, whole }, page)
  const changes = found.map(({ key, kind, title, here, there, uncertain }) => ({
    ...{ key, kind, title, from: there, to: here, uncertain },
  }))
  const steps = project.kind === 'content' ? await listSteps(ctx.db, project_id, changes) : []
  return changes.map((change, index) => ({ ...change, versions: steps[index] ?? [] }))
}
