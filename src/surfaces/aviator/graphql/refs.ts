import { listCandidateHeadsBy, type CandidateHead } from '#app/candidates/page-candidates.ts'
import { listDeploymentHeadsById, type DeploymentHead } from '#app/deployments/page-deployments.ts'
import type { EnvironmentView } from '#app/environments/page-environments.ts'
import { listEnvironmentsById } from '#app/environments/page-environments.ts'
import { narrowToKind } from '#app/projects/narrow-to-kind.ts'
import { listProjectsById, type ProjectView } from '#app/projects/page-projects.ts'
import { listReleasesById } from '#app/releases/page-releases.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import type { Context } from '#app/context.ts'
import { builder } from './builder.ts'

/**
 * What the graph is made of. Each is found by its id, many at once; what may not be seen is not there. Their fields
 * are in `types`, a file each, which may so refer to each other.
 */
function node<Row extends { id: string }>(
  name: string,
  fetch: (ctx: Context, ids: readonly string[]) => Promise<Row[]>,
) {
  return builder.loadableNodeRef<Row, string, string, string, Row>(name, {
    id: { resolve: ({ id }) => id },
    load: (ids, { ctx }) => fetch(ctx, ids),
    toKey: ({ id }) => id,
    sort: true,
  })
}

/** Only what is of code: the projects of other kinds are not release projects. */
export const ProjectRef = node<ProjectView>('ReleaseProject', async (ctx, ids) =>
  (await listProjectsById(ctx, ids)).filter(({ kind }) => kind === 'code'),
)
export const EnvironmentRef = node<EnvironmentView>('ReleaseEnvironment', async (ctx, ids) =>
  narrowToKind(ctx, 'code', await listEnvironmentsById(ctx, ids)),
)
export const ReleaseRef = node<ReleaseView>(
  'Release',
  async (ctx, ids) => await narrowToKind(ctx, 'code', await listReleasesById(ctx, ids)),
)
export const CandidateRef = node<CandidateHead>('ReleaseCandidate', (ctx, ids) =>
  listCandidateHeadsBy(ctx, { ids }),
)
export const DeploymentRef = node<DeploymentHead>('Deployment', async (ctx, ids) =>
  narrowToKind(ctx, 'code', await listDeploymentHeadsById(ctx, ids)),
)

/** Every list of one type is of one type, wherever it is. */
export const ProjectConnection = builder.connectionObject(
  { type: ProjectRef, name: 'ReleaseProjectConnection' },
  { name: 'ReleaseProjectEdge' },
)
export const EnvironmentConnection = builder.connectionObject(
  { type: EnvironmentRef, name: 'ReleaseEnvironmentConnection' },
  { name: 'ReleaseEnvironmentEdge' },
)
export const ReleaseConnection = builder.connectionObject(
  { type: ReleaseRef, name: 'ReleaseConnection' },
  { name: 'ReleaseEdge' },
)
export const CandidateConnection = builder.connectionObject(
  { type: CandidateRef, name: 'ReleaseCandidateConnection' },
  { name: 'ReleaseCandidateEdge' },
)
export const DeploymentConnection = builder.connectionObject(
  { type: DeploymentRef, name: 'DeploymentConnection' },
  { name: 'DeploymentEdge' },
)
