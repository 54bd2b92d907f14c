import { Type } from 'typebox'
import { listBlueprintSources } from '#app/infra/list-blueprint-sources.ts'
import { pageProjects } from '#app/projects/page-projects.ts'
import type { stacks } from '../endpoints/stacks.ts'
import { findStack, stackNames } from '../find-place.ts'
import type { Call, Routes } from '../route.ts'
import { clustersOf, tellStack } from '../tell-clusters.ts'
import { writeCluster, writeStack } from '../translate/cluster.ts'
import { AbstractCluster, ClusterOverview, Stack } from '../wire/cluster.ts'

/** The list has no pages (section 2.4). */
const mostStacks = 1000

const named = (call: Call) => findStack(call, call.params['stackName'] ?? '')
/** Both read the blueprint where it lies. */
const again = {
  answer: Stack,
  handle: async (call: Call) => tellStack(call, await named(call), { fresh: true }),
}

export const stackRoutes: Routes<typeof stacks> = {
  list: {
    answer: Type.Array(Stack),
    async handle(call) {
      const projects = await pageProjects(call.ctx, { kind: 'infra', limit: mostStacks })
      const names = await stackNames(call, projects)
      const sources = await listBlueprintSources(
        call.ctx,
        projects.map(({ id }) => id),
      )
      return projects.map((project) =>
        writeStack({
          project,
          name: names.get(project.id) ?? project.key,
          source: sources.get(project.id),
          paused: undefined,
        }),
      )
    },
  },
  get: { answer: Stack, handle: async (call) => tellStack(call, await named(call)) },
  clusters: {
    answer: Type.Array(AbstractCluster),
    async handle(call) {
      return (await clustersOf(call, await named(call))).map(writeCluster)
    },
  },
  clustersOverview: {
    answer: Type.Array(ClusterOverview),
    async handle(call) {
      return (await clustersOf(call, await named(call))).map((parts) => {
        const cluster = writeCluster(parts)
        const last = parts.standing?.last_requested_at
        return {
          id: parts.id,
          cluster,
          clusterState: cluster.clusterState,
          ...(last ? { lastRelease: last.toISOString() } : {}),
        }
      })
    },
  },
  syncWithGit: again,
  reload: again,
}
