import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { findCandidate, findCandidateOfOrdinal } from '#app/candidates/find-candidate.ts'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { listCandidates, listCandidatesOfReleases } from '#app/candidates/list-candidates.ts'
import { rebuildCandidate } from '#app/candidates/rebuild-candidate.ts'
import type { Context } from '#app/context.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { thawEnvironment } from '#app/freezes/thaw-environment.ts'
import { insertCandidate } from '#store/candidate.ts'
import { here, type Attempt } from './attempt.ts'
import type { World } from './world.ts'

const version = '1.0.0-rc1'

/** The project releases from a repository that is nowhere: whoever may cut gets as far as that. */
export async function makeCode(ctx: Context, { project_id }: World): Promise<string> {
  const there = await ctx.db
    .selectFrom('code_settings')
    .select('repository_id')
    .where('project_id', '=', project_id)
    .executeTakeFirst()
  if (there) return there.repository_id
  const at = { created_at: ctx.now(), updated_at: ctx.now() }
  const id = ctx.newId()
  await ctx.db
    .insertInto('repository')
    .values({ id, name: `acme/nowhere-${id}`, url: `/nowhere/${id}`, ...at })
    .execute()
  const by = { branch_prefix: 'x/', author_name: 'Bot', author_email: 'bot@example.com' }
  const settings = { project_id, repository_id: id, build_executor: 'command', updated_at: ctx.now() }
  await ctx.db
    .insertInto('code_settings')
    .values({ ...settings, ...by, build_settings: JSON.stringify({ command: ['true'] }) })
    .execute()
  return id
}

/** A candidate that could be built again, whoever was here before. */
export async function makeCandidate(ctx: Context, world: World): Promise<string> {
  await makeCode(ctx, world)
  const { project_id, release_id } = world
  const query = ctx.db
    .selectFrom('candidate')
    .select('id')
    .where('project_id', '=', project_id)
    .where('version', '=', version)
  const there = await query.executeTakeFirst()
  if (!there) {
    const row = { project_id, release_id, version, number: 1, state: 'ready', cause: 'person' } as const
    const { id } = await insertCandidate(ctx.db, { ...row, id: ctx.newId(), created_at: ctx.now() })
    return id
  }
  await ctx.db.updateTable('candidate').set({ state: 'ready' }).where('id', '=', there.id).execute()
  return there.id
}

const code = { prepare: makeCode }
const candidate = { prepare: makeCandidate }

export const candidateAttempts: readonly Attempt[] = [
  here('release.edit', 'cut a candidate', (ctx, { project_id }) => cutCandidate(ctx, { project_id }), code),
  here(
    'release.edit',
    'cut a candidate and have it deployed',
    (ctx, { project_id, environment_id: deploy_to }) => cutCandidate(ctx, { project_id, deploy_to }),
    { ...code, needs: ['deployment.request'] },
  ),
  here(
    'deployment.request',
    'have deployed what is cut',
    (ctx, { project_id, environment_id: deploy_to }) => cutCandidate(ctx, { project_id, deploy_to }),
    { ...code, needs: ['release.edit'] },
  ),
  here(
    'release.edit',
    'build a candidate again',
    (ctx, _world, candidate_id) => rebuildCandidate(ctx, { candidate_id }),
    candidate,
  ),
  here(
    'release.read',
    'read a candidate',
    (ctx, _world, candidate_id) => getCandidate(ctx, { candidate_id }),
    candidate,
  ),
  here(
    'release.read',
    'find a candidate',
    (ctx, { project_id }) => findCandidate(ctx, { project_id, version }),
    {
      prepare: makeCandidate,
    },
  ),
  here(
    'release.read',
    'find a candidate by its ordinal',
    (ctx, _world, ordinal) => findCandidateOfOrdinal(ctx, { ordinal: Number(ordinal) }),
    {
      prepare: async (ctx, world) => {
        const candidate_id = await makeCandidate(ctx, world)
        return String((await getCandidate(ctx, { candidate_id })).ordinal)
      },
    },
  ),
  here('release.read', 'list candidates', (ctx, { project_id }) =>
    listCandidates(ctx, { project_id, limit: 1 }),
  ),
  here('release.read', 'list candidates of releases', (ctx, { project_id, release_id }) =>
    listCandidatesOfReleases(ctx, { project_id, release_ids: [release_id] }),
  ),
  here(
    'freeze.lift',
    'thaw an environment',
    (ctx, { project_id, environment_id }) =>
      thawEnvironment(ctx, { project_id, environment_id, reason: 'over' }),
    {
      prepare: async (ctx, { project_id, environment_id }) =>
        (await setFreeze(ctx, { project_id, environment_id, reason: 'fire' })).id,
    },
  ),
]
