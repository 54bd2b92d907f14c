import type { BlueprintResource } from '#catalogue/infra/blueprint.ts'
import type { ResourceContent } from '#domain/blueprint.ts'
import { jsonDifferences, type JsonDifference } from '#domain/json-difference.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import { listInfraResources } from '#store/infra-resource.ts'
import { listLiveForRevision } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readEnvironment, type Reading } from './take-snapshot.ts'

/** Where a difference comes from. */
export type DifferenceCause = 'blueprint' | 'modules' | 'override' | 'artifact' | 'variable' | 'environment'

/** What a release now would change of a resource, and why, without asking Terraform. */
export interface ResourceDifference {
  key: string
  type: string
  name: string
  action: 'added' | 'changed' | 'removed'
  /** The versions live and to be; null where it is not there. */
  before: string | null
  after: string | null
  changes: { cause: DifferenceCause; attribute: string; before: Json; after: Json }[]
}

type Place = { project_id: string; environment_id: string }

/** By key. Throws `invalid` where there is no blueprint, `repository_unreachable`. */
export async function simulateRelease(ctx: Context, place: Place): Promise<ResourceDifference[]> {
  authorize(ctx, 'catalogue.read', place)
  const reading = await readEnvironment(ctx, place)
  const rows = await listLiveForRevision(ctx.db, place.environment_id, '', 'whole_state')
  const live = new Map(
    rows.flatMap(({ key, version, ...row }) => (version === null ? [] : [[key, { ...row, version }]])),
  )
  const wanted = new Map(reading.effective.found.resources.map((one) => [one.key, one]))
  const changed = [...wanted.values()].filter(({ key, version }) => live.get(key)?.version !== version)
  const before = await contentsOf(ctx, place.project_id, [
    ...changed.flatMap(({ key }) => live.get(key)?.version ?? []),
  ])
  const differences = changed.map(({ key, version, content }): ResourceDifference => {
    const there = live.get(key)
    const { type, name } = content
    const known = there && before.get(there.version)
    const whole = { cause: 'blueprint' as const, attribute: '', before: null, after: key }
    return {
      ...{ key, type, name, action: there ? 'changed' : 'added' },
      ...{ before: there?.version ?? null, after: version },
      changes: known ? whatChanged(reading, key, known, content) : [whole],
    }
  })
  const removed = [...live].filter(([key]) => !wanted.has(key))
  return [...differences, ...removed.map(([key, row]) => removal(reading, key, row))].toSorted((a, b) =>
    a.key < b.key ? -1 : 1,
  )
}

async function contentsOf(
  { db }: Context,
  project_id: string,
  versions: string[],
): Promise<Map<string, ResourceContent>> {
  const rows = await listInfraResources(db, project_id, versions)
  return new Map(rows.map(({ version, content }) => [version, content]))
}

function removal(
  { effective }: Pick<Reading, 'effective'>,
  key: string,
  { kind, title, version }: { kind: string; title: string; version: string },
): ResourceDifference {
  const disabled = effective.found.disabled.find((one) => one.key === key)
  const cause = disabled?.by === 'override' ? ('override' as const) : ('blueprint' as const)
  const change = { cause, attribute: disabled ? 'disabled' : '', before: key, after: null }
  return { key, type: kind, name: title, action: 'removed', before: version, after: null, changes: [change] }
}

function whatChanged(
  { sources, effective }: Pick<Reading, 'sources' | 'effective'>,
  key: string,
  before: ResourceContent,
  after: ResourceContent,
): ResourceDifference['changes'] {
  const said = (cause: DifferenceCause, attribute: string, one: Json, other: Json) => {
    return { cause, attribute, before: one, after: other }
  }
  const source = sources.blueprint.resources.get(key)
  const own = effective.input.overrides.find(
    (one) => one.resource_type === after.type && one.resource_name === after.name,
  )
  const artifact = sources.modules.find(after.type, after.flavor, after.module_version)?.contract
    .artifact_path
  const causeOf = ({ path }: JsonDifference): DifferenceCause => {
    if (artifact !== undefined && path.join('.') === artifact) return 'artifact'
    if (own?.changes && has(own.changes, path)) return 'override'
    return source && refersToVariable(source, path) ? 'variable' : 'blueprint'
  }
  return [
    ...jsonDifferences(before.instance, after.instance).map((one) =>
      said(causeOf(one), one.path.join('.'), one.before, one.after),
    ),
    ...(before.module === after.module ? [] : [said('modules', 'module', before.module, after.module)]),
    ...jsonDifferences({ ...before.secrets }, { ...after.secrets }).map((one) =>
      said('variable', `secrets.${one.path.join('.')}`, one.before, one.after),
    ),
    ...jsonDifferences(before.environment, after.environment).map((one) =>
      said('environment', `environment.${one.path.join('.')}`, one.before, one.after),
    ),
  ]
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  let here = value
  for (const step of path) {
    if (here === null || typeof here !== 'object' || Array.isArray(here)) return undefined
    here = Object.hasOwn(here, step) ? here[step] : undefined
  }
  return here
}

function has(changes: JsonObject, path: readonly string[]): boolean {
  return at(changes, path) !== undefined
}

function refersToVariable({ content }: BlueprintResource, path: readonly string[]): boolean {
  return JSON.stringify(at(content, path) ?? null).includes('${blueprint.self.variables.')
}
