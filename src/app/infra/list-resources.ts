import type { Finding } from '#domain/blueprint.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { DomainError } from '#domain/errors.ts'
import type { JsonObject } from '#domain/json.ts'
import { listInfraOverrides } from '#store/infra-override.ts'
import { listLiveForRevision } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readEnvironment } from './take-snapshot.ts'

interface Place {
  project_id: string
  environment_id: string
}

/** A resource as an environment would get it now. */
export interface ResourceView {
  key: string
  type: string
  name: string
  /** Below the blueprint's folder. Null: it is live, and in the blueprint no more. */
  file: string | null
  disabled: 'blueprint' | 'override' | null
  /** Nothing is made of it: it comes from elsewhere. */
  provided: boolean
  /** What it would be released as; null where it would not be. */
  version: string | null
  /** What is live of it. */
  live_version: string | null
  /** A deployment broke off in the middle of it. */
  uncertain: boolean
  /** That of its override; null where it has none. */
  override_version: number | null
  /** Overrides, variables and artifacts put in. Secrets are only referred to. */
  instance: JsonObject | null
  findings: Finding[]
}

export interface ResourcePage extends Place {
  type?: string | undefined
  limit?: number
  /** The key of the last one seen. */
  after?: string | undefined
}

/**
 * The resources of an environment by key, as its blueprint was read last: also those that are disabled, and those that
 * are live and in the blueprint no more. Throws `invalid` where there is no blueprint, `repository_unreachable`.
 */
export async function listResources(ctx: Context, page: ResourcePage): Promise<ResourceView[]> {
  const { type, limit, after, ...place } = page
  authorize(ctx, 'catalogue.read', place)
  const all = (await resourcesOf(ctx, place)).filter((one) => type === undefined || one.type === type)
  const rest = after === undefined ? all : all.filter(({ key }) => key > after)
  return limit === undefined ? rest : rest.slice(0, limit)
}

/** Throws `not_found`, and as `listResources`. */
export async function getResource(
  ctx: Context,
  { type, name, ...place }: Place & { type: string; name: string },
): Promise<ResourceView> {
  authorize(ctx, 'catalogue.read', place)
  const key = resourceKey(type, name)
  const found = (await resourcesOf(ctx, place)).find((one) => one.key === key)
  if (!found) throw new DomainError('not_found', { what: 'resource', id: key })
  return found
}

async function resourcesOf(ctx: Context, { project_id, environment_id }: Place): Promise<ResourceView[]> {
  const reading = await readEnvironment(ctx, { project_id, environment_id }, { kept: true })
  const { everything, findings } = reading.effective.found
  const live = await listLiveForRevision(ctx.db, environment_id, '', 'whole_state')
  const liveAt = new Map(live.map((item) => [item.key, item]))
  const overrides = await listInfraOverrides(ctx.db, environment_id)
  const overridden = new Map(
    overrides.map(({ resource_type, resource_name, version }) => [
      resourceKey(resource_type, resource_name),
      version,
    ]),
  )
  const faults = Map.groupBy(findings, ({ item_key }) => item_key)
  const beside = (key: string) => {
    const { version = null, uncertain = false } = liveAt.get(key) ?? {}
    const override_version = overridden.get(key) ?? null
    return { live_version: version, uncertain, override_version, findings: faults.get(key) ?? [] }
  }
  const known = new Set(everything.map(({ key }) => key))
  const gone = live.filter(
    ({ key, version, uncertain }) => !known.has(key) && (version !== null || uncertain),
  )
  const views = [
    ...everything.map((one): ResourceView => ({ ...one, ...beside(one.key) })),
    ...gone.map(({ key, kind, title }): ResourceView => {
      const nothing = { file: null, disabled: null, provided: false, version: null, instance: null }
      return { key, type: kind, name: title, ...nothing, ...beside(key) }
    }),
  ]
  return views.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}
