import { isDeepStrictEqual } from 'node:util'
import {
  effectiveResources,
  type EffectiveInput,
  type EffectiveResources,
} from '#catalogue/infra/effective-resources.ts'
import type { Json } from '#domain/json.ts'
import type { Db } from '#store/database.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { listTakenArtifacts } from '#store/infra-artifact.ts'
import { findInfraEnvironment, type InfraEnvironmentRow } from '#store/infra-environment.ts'
import { listInfraOverrides } from '#store/infra-override.ts'
import { listInfraVariables } from '#store/infra-variable.ts'
import type { Sources } from './read-sources.ts'

/** What an environment makes of a blueprint: everything that stands in our own rows. */
export type EnvironmentInput = Omit<EffectiveInput, 'blueprint' | 'modules'>

type Named = Pick<EnvironmentRow, 'id' | 'project_id' | 'name'>

/** In four statements, however much there is. `infra` is what is known of the environment, if the caller read it. */
export async function loadEnvironmentInput(
  db: Db,
  environment: Named,
  project_key: string,
): Promise<EnvironmentInput> {
  const { id, project_id } = environment
  const infra = await findInfraEnvironment(db, id)
  const release_stream = infra?.release_stream ?? null
  const taken = await listTakenArtifacts(db, { project_id, environment_id: id, release_stream })
  const overrides = await listInfraOverrides(db, id)
  const variables = await listInfraVariables(db, id)
  return {
    environment: toldOf(environment, project_key, infra),
    overrides: overrides.map(({ resource_type, resource_name, changes, disabled }) => {
      return { resource_type, resource_name, changes, disabled }
    }),
    variables: variables.map(({ name, value, secret, version }) => {
      return { name, value: secret ? null : value, secret, version }
    }),
    artifacts: new Map(taken.map(({ application, uri }) => [application, uri])),
  }
}

/** What modules are told of an environment. Its name is ours to say; the rest may be said otherwise. */
function toldOf(
  { name }: Named,
  project_key: string,
  infra: InfraEnvironmentRow | undefined,
): Record<string, Json> {
  const { cloud = 'NO_CLOUD', facts = {} } = infra ?? {}
  return { unique_name: `${project_key}-${name}`, cloud, cloud_tags: {}, ...facts, name }
}

export interface Effective {
  input: EnvironmentInput
  found: EffectiveResources
}

export function effectiveOf(
  { blueprint, modules }: Pick<Sources, 'blueprint' | 'modules'>,
  input: EnvironmentInput,
): Effective {
  return { input, found: effectiveResources({ blueprint, modules, ...input }) }
}

/** The same again where nothing differs, else worked out anew: rows may have changed since. */
export function effectiveStill(
  sources: Pick<Sources, 'blueprint' | 'modules'>,
  before: Effective,
  input: EnvironmentInput,
): Effective {
  return isDeepStrictEqual(before.input, input) ? before : effectiveOf(sources, input)
}
