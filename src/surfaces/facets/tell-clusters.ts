import { listEnvironments } from '#app/environments/get-environment.ts'
import { listBlueprintSources } from '#app/infra/list-blueprint-sources.ts'
import { listInfraFacts } from '#app/infra/list-infra-facts.ts'
import { getBlueprint } from '#app/infra/get-blueprint.ts'
import { listVariables } from '#app/infra/list-variables.ts'
import { tellStandings } from '#app/infra/tell-standings.ts'
import { getProject } from '#app/projects/get-project.ts'
import { isDomainError } from '#domain/errors.ts'
import { clusterIds, stackNames, type Environment, type Place, type Project } from './find-place.ts'
import { pausesIn } from './pause.ts'
import type { Call } from './route.ts'
import { writeCluster, writeStack, type ClusterParts } from './translate/cluster.ts'

/** All clusters of a stack, in pipeline order, in a constant number of statements. */
export async function clustersOf(call: Call, project: Project): Promise<ClusterParts[]> {
  return partsOf(call, project, await listEnvironments(call.ctx, { project_id: project.id }))
}

/** One cluster, with its variables: as its blueprint declares them, where that can be read. */
export async function tellCluster(call: Call, { project_id, environment_id, environment }: Place) {
  const project = await getProject(call.ctx, { project_id })
  const [parts] = await partsOf(call, project, [environment])
  const declared = await variablesOf(call, project_id, parts!.facts?.branch ?? null)
  const given = await listVariables(call.ctx, { project_id, environment_id })
  return writeCluster({ ...parts!, variables: { declared: declared ?? [], given } })
}

async function partsOf(
  call: Call,
  project: Project,
  environments: readonly Environment[],
): Promise<ClusterParts[]> {
  const place = { project_id: project.id, environment_ids: environments.map(({ id }) => id) }
  const [ids, facts, standings, stacks, paused] = await Promise.all([
    clusterIds(call, place.environment_ids),
    listInfraFacts(call.ctx, place),
    tellStandings(call.ctx, place),
    stackNames(call, [project]),
    pausesIn(call, project.id),
  ])
  return environments.map((environment) => ({
    id: ids.get(environment.id) ?? '',
    stack: stacks.get(project.id) ?? project.key,
    environment,
    facts: facts.get(environment.id),
    standing: standings.get(environment.id),
    paused: paused(environment.id),
  }))
}

/** One stack, with what its blueprint declares, where that can be read. */
export async function tellStack(call: Call, project: Project, { fresh = false } = {}) {
  const variables = fresh
    ? (await getBlueprint(call.ctx, { project_id: project.id, fresh })).variables
    : await variablesOf(call, project.id, null)
  const [names, sources, paused] = await Promise.all([
    stackNames(call, [project]),
    listBlueprintSources(call.ctx, [project.id]),
    pausesIn(call, project.id),
  ])
  const name = names.get(project.id) ?? project.key
  const source = sources.get(project.id)
  return writeStack({ project, name, source, paused: paused(null), ...(variables ? { variables } : {}) })
}

/** Undefined where the blueprint cannot be read: a cluster is there all the same. */
async function variablesOf({ ctx }: Call, project_id: string, branch: string | null) {
  try {
    return (await getBlueprint(ctx, { project_id, branch })).variables
  } catch (error) {
    if (isDomainError(error, 'invalid') || isDomainError(error, 'repository_unreachable')) return undefined
    throw error
  }
}
