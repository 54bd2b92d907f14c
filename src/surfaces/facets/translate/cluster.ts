import type { VariableMeta } from '#catalogue/infra/blueprint.ts'
import type { SourceView } from '#app/infra/get-infra-settings.ts'
import type { VariableView } from '#app/infra/variable-view.ts'
import type { EnvironmentStanding } from '#app/infra/tell-standings.ts'
import type { Environment, Project } from '../find-place.ts'
import { idOf } from '../ids.ts'
import type { AbstractCluster, Stack } from '../wire/cluster.ts'
import { clusterStateOf } from './cluster-state.ts'

/** What the vendor shows of a secret's value, and what is never one. */
const masked = '****'
/** The line of artifacts of a cluster that names none: every cluster of the vendor's has one. */
const usualStream = 'default'

export interface StackParts {
  project: Project
  name: string
  source: SourceView | undefined
  /** Undefined: nobody looked. */
  paused: boolean | undefined
  /** Left out of lists: it stands in the blueprint. */
  variables?: readonly VariableMeta[]
}

export function writeStack({ project, name, source, paused, variables }: StackParts): Stack {
  const vcs = source?.url ? vcsOf(source.url) : undefined
  return {
    id: idOf(project.id),
    name,
    ...(source?.url ? { vcsUrl: source.url } : {}),
    ...(vcs ? { vcs } : {}),
    relativePath: source?.folder ?? '',
    ...(source?.branch ? { branch: source.branch } : {}),
    stackVars: {},
    ...(variables ? { clusterVariablesMeta: Object.fromEntries(variables.map(writeMeta)) } : {}),
    componentVersions: {},
    ...(paused === undefined ? {} : { pauseReleases: paused }),
    childStacks: [],
    artifactories: [],
    gitOpsEnabled: true,
  }
}

function vcsOf(url: string): Stack['vcs'] {
  const host = url.toLowerCase()
  if (host.includes('github')) return 'GITHUB'
  if (host.includes('gitlab')) return 'GITLAB'
  return host.includes('bitbucket') ? 'BITBUCKET' : undefined
}

function writeMeta({ name, fallback, secret, description }: VariableMeta) {
  return [
    name,
    {
      secret,
      ...(secret ? { value: masked } : fallback === undefined ? {} : { value: textOf(fallback) }),
      required: fallback === undefined,
      ...(description === null ? {} : { description }),
    },
  ] as const
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

export interface ClusterParts {
  id: string
  stack: string
  environment: Environment
  facts:
    | { cloud: string; time_zone: string; release_stream: string | null; branch: string | null }
    | undefined
  standing: EnvironmentStanding | undefined
  paused: boolean
  /** Left out of lists. */
  variables?: { declared: readonly VariableMeta[]; given: readonly VariableView[] }
}

export function writeCluster(parts: ClusterParts): AbstractCluster {
  const { id, stack, environment, facts, standing, paused, variables } = parts
  return {
    ...{ id, name: environment.name, stackName: stack },
    releaseStream: facts?.release_stream ?? usualStream,
    tz: facts?.time_zone ?? 'UTC',
    cloud: facts?.cloud ?? 'NO_CLOUD',
    ...(facts?.branch ? { branch: facts.branch } : {}),
    clusterCode: `${stack}-${environment.name}`,
    clusterState: clusterStateOf(standing),
    ...(variables ? writeVariables(variables) : {}),
    componentVersions: {},
    ...{ isEphemeral: false, pauseReleases: paused, requireSignOff: false, configured: true, deleted: false },
  }
}

/** Those that the blueprint declares, and those that only the environment has; it says which values are its own. */
function writeVariables({ declared, given }: NonNullable<ClusterParts['variables']>) {
  const metas = new Map(declared.map((one) => [one.name, one]))
  const own = new Map(given.map((one) => [one.name, one]))
  const all = [...new Set([...metas.keys(), ...own.keys()])].map((name) => {
    const meta = metas.get(name)
    const value = own.get(name)
    const secret = meta?.secret === true || value?.secret === true
    const said = value ? value.value : meta?.fallback === undefined ? null : textOf(meta.fallback)
    return { name, secret, said, status: value ? ('OVERRIDDEN' as const) : ('DEFAULT' as const) }
  })
  const shown = all.filter(({ secret, said }) => !secret && said !== null)
  return {
    variables: Object.fromEntries(
      all.map(({ name, secret, said, status }) => [
        name,
        {
          ...(secret ? { value: masked } : said === null ? {} : { value: said }),
          secret,
          status,
          global: false,
        },
      ]),
    ),
    commonEnvironmentVariables: Object.fromEntries(shown.map(({ name, said }) => [name, said ?? ''])),
    secrets: Object.fromEntries(all.flatMap(({ name, secret }) => (secret ? [[name, masked]] : []))),
  }
}
