import { Type, type Static } from 'typebox'
import { within } from '#app/configuration/placing.ts'
import { assignExternal, externalFor } from '#app/external-ids/resolve-external.ts'
import { declareInfraFactsIn } from '#app/infra/declare-infra-environment.ts'
import { declareInfraIn } from '#app/infra/declare-infra.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import type { ConfigurationUnit, ProjectPart } from '#surfaces/contract.ts'
import { surface } from './ids.ts'

const closed = { additionalProperties: false }
const text = (most: number) => Type.String({ minLength: 1, maxLength: most })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])

/** `{ path }`, or `{ url, … }`: an object with both or neither is refused below. */
const Source = Type.Object(
  {
    path: Type.Optional(text(1000)),
    url: Type.Optional(text(2000)),
    name: Type.Optional(text(201)),
    branch: Type.Optional(orNull(text(250))),
    folder: Type.Optional(Type.String({ maxLength: 1000 })),
    credential: Type.Optional(text(20_000)),
  },
  closed,
)
type Source = Static<typeof Source>

// AbstractCluster (section 2.4): cloud, tz, releaseStream, branch; `facts` are what modules find in `environment`.
const Facts = Type.Object(
  {
    cloud: Type.Optional(
      Type.Union(
        ['AWS', 'AZURE', 'LOCAL', 'GCP', 'KUBERNETES', 'NO_CLOUD'].map((cloud) => Type.Literal(cloud)),
      ),
    ),
    time_zone: Type.Optional(text(64)),
    release_stream: Type.Optional(orNull(text(200))),
    branch: Type.Optional(orNull(text(250))),
    facts: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Type.Unknown())),
  },
  closed,
)
type Facts = Static<typeof Facts>

/** `projects[].infra` of headgate.yaml. */
const Infra = Type.Object(
  {
    stack: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$' })),
    blueprint: Type.Optional(Source),
    modules: Type.Optional(Source),
    pre_release_hook: Type.Optional(Type.Boolean()),
    remote_sources: Type.Optional(Type.Boolean()),
    environments: Type.Optional(Type.Record(text(200), Facts)),
  },
  closed,
)
type Infra = Static<typeof Infra>

export const configuration: ProjectPart = {
  kind: 'infra',
  schema: Infra,
  async apply(given, part) {
    const infra = part as Infra
    const { ctx, unit, project, folder } = given
    const { pre_release_hook, remote_sources } = infra
    const settings = () =>
      declareInfraIn(ctx, unit, {
        ...{ project_id: project.id, project_key: project.key, folder },
        ...sourceOf('blueprint', infra.blueprint),
        ...sourceOf('modules', infra.modules),
        ...(pre_release_hook === undefined ? {} : { pre_release_hook }),
        ...(remote_sources === undefined ? {} : { remote_sources }),
      })
    return [
      ...(await applyStack(given, infra.stack)),
      ...(await within('infra', settings)),
      ...(await applyEnvironmentIds(given)),
      ...(await applyFacts(given, infra.environments ?? {})),
    ]
  },
}

function sourceOf(field: 'blueprint' | 'modules', said: Source | undefined) {
  if (!said) return {}
  const { path, url, ...more } = said
  if ((path === undefined) === (url === undefined))
    throw invalidField(field, 'invalid', 'is either a path on this machine or the url of a repository')
  if (url !== undefined) return { [field]: { ...more, url } }
  const [extra] = Object.keys(more)
  if (extra)
    throw invalidField(`${field}.${extra}`, 'invalid', 'goes with the url of a repository, not with a path')
  return { [field]: { path } }
}

/** A name that clients already know cannot be another tomorrow; where none is said it is the project's key. */
async function applyStack({ ctx, unit, project }: ConfigurationUnit, stack?: string): Promise<string[]> {
  if (stack === undefined) return []
  const known = (await externalFor({ ...ctx, db: unit.tx }, surface, 'stack', [project.id])).get(project.id)
  if (known === stack) return []
  if (known !== undefined)
    throw invalidField('infra.stack', 'immutable', `is ${known} since it was first said`)
  if (!(await assignExternal(unit.tx, surface, 'stack', project.id, stack)))
    throw new DomainError('already_exists', { what: 'project', id: stack })
  return [`+ stack ${stack}`]
}

/** Ids that an installation is rebuilt with: whoever kept one finds the same environment. */
async function applyEnvironmentIds({ ctx, unit, environments }: ConfigurationUnit): Promise<string[]> {
  const fixed = environments.flatMap(({ id, name, fixed_id }) => (fixed_id ? [{ id, name, fixed_id }] : []))
  const ids = fixed.map(({ id }) => id)
  const known = await externalFor({ ...ctx, db: unit.tx }, surface, 'cluster', ids)
  const lines: string[] = []
  for (const { id, name, fixed_id } of fixed) {
    const before = known.get(id)
    if (before === fixed_id) continue
    if (before !== undefined) throw invalidField('environments', 'immutable', `${name} has the id ${before}`)
    if (!(await assignExternal(unit.tx, surface, 'cluster', id, fixed_id)))
      throw new DomainError('already_exists', { what: 'environment', id: fixed_id })
    lines.push(`+ environment ${name} id ${fixed_id}`)
  }
  return lines
}

async function applyFacts(
  { ctx, unit, project, environments }: ConfigurationUnit,
  said: Record<string, Facts>,
): Promise<string[]> {
  const lines: string[] = []
  for (const [name, { facts, ...more }] of Object.entries(said)) {
    const environment = environments.find((one) => one.name === name)
    const path = `infra.environments.${name}`
    if (!environment) throw invalidField(path, 'unknown', `'${name}' is no environment of this project`)
    const place = { project_id: project.id, environment_id: environment.id }
    const values = { ...more, ...(facts ? { facts: facts as JsonObject } : {}) }
    const changed = await within(path, () => declareInfraFactsIn(ctx, unit, place, values))
    if (changed) lines.push(`~ environment ${project.key}/${name} infra`)
  }
  return lines
}
