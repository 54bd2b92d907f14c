import { Type, type Static } from 'typebox'
import { applyContentBase } from '#app/content/create-content-base.ts'
import { listLocales } from '#app/content/get-locale.ts'
import { getProject } from '#app/projects/get-project.ts'
import { updateProjectIn } from '#app/projects/update-project.ts'
import { assignExternal, externalFor } from '#app/external-ids/resolve-external.ts'
import { declareTokenIn, type DeclaredToken } from '#app/identity/declare-token.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { ConfigurationUnit, ProjectPart } from '#surfaces/contract.ts'
import { bltOf, surface } from './ids.ts'
import { actionsOf } from './oauth-scopes.ts'
import { limitNames, limitsWord, settableLimits, withDefaults, type ProjectLimits } from './limits.ts'

const Secret = Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Code = Type.String({ minLength: 2, maxLength: 32 })
const Names = Type.Array(Name, { minItems: 1, maxItems: 200 })
const closed = { additionalProperties: false }

const Limits = Type.Object(
  Object.fromEntries(
    limitNames.map((name) => [
      name,
      Type.Optional(Type.Integer({ minimum: 1, maximum: settableLimits[name].most })),
    ]),
  ),
  closed,
)

/** `projects[].content` of headgate.yaml. */
const Content = Type.Object(
  {
    api_key: Type.Optional(Secret),
    master_locale: Type.Optional(Code),
    locales: Type.Optional(
      Type.Array(
        Type.Object({ code: Code, name: Type.Optional(Name), fallback: Type.Optional(Code) }, closed),
        { maxItems: 1000 },
      ),
    ),
    management_tokens: Type.Optional(
      Type.Array(
        Type.Object({ name: Name, token: Secret, scopes: Names, branches: Type.Optional(Names) }, closed),
      ),
    ),
    delivery_tokens: Type.Optional(
      Type.Array(
        Type.Object(
          { name: Name, token: Secret, environments: Names, branches: Type.Optional(Names) },
          closed,
        ),
      ),
    ),
    limits: Type.Optional(Type.Unsafe<Partial<ProjectLimits>>(Limits)),
  },
  closed,
)
type Content = Static<typeof Content>

export const configuration: ProjectPart = {
  kind: 'content',
  schema: Content,
  async apply(given, part) {
    const content = part as Content
    return [
      ...(await applyKey(given, content)),
      ...(await applyEnvironmentIds(given)),
      ...(await applyLanguages(given, content)),
      ...(await applyTokens(given, content)),
      ...(await applyLimits(given, content)),
    ]
  },
}

/** A key that clients already know cannot be another tomorrow; one that was not asked for is made. */
async function applyKey({ ctx, unit, project }: ConfigurationUnit, { api_key }: Content): Promise<string[]> {
  const known = (await externalFor({ ...ctx, db: unit.tx }, surface, 'stack', [project.id])).get(project.id)
  if (known !== undefined) {
    if (api_key === undefined || api_key === known) return []
    throw invalidField('api_key', 'immutable', `is ${known} since the project was made`)
  }
  const key = api_key ?? bltOf(ctx.newId())
  if (!(await assignExternal(unit.tx, surface, 'stack', project.id, key)))
    throw new DomainError('already_exists', { what: 'project', id: key })
  return [`+ api_key ${key}`]
}

/** Ids that an installation is rebuilt with: whoever kept one finds the same environment. */
async function applyEnvironmentIds({ ctx, unit, environments }: ConfigurationUnit): Promise<string[]> {
  const fixed = environments.flatMap(({ id, name, fixed_id }) => (fixed_id ? [{ id, name, fixed_id }] : []))
  const ids = fixed.map(({ id }) => id)
  const known = await externalFor({ ...ctx, db: unit.tx }, surface, 'environment', ids)
  const lines: string[] = []
  for (const { id, name, fixed_id } of fixed) {
    const before = known.get(id)
    if (before === fixed_id) continue
    if (before !== undefined) throw invalidField('environments', 'immutable', `${name} has the id ${before}`)
    if (!(await assignExternal(unit.tx, surface, 'environment', id, fixed_id)))
      throw new DomainError('already_exists', { what: 'environment', id: fixed_id })
    lines.push(`+ environment ${name} id ${fixed_id}`)
  }
  return lines
}

/** A master that is not said is the one that the project has, or at first American English. */
async function applyLanguages(
  { ctx, unit, project }: ConfigurationUnit,
  { master_locale, locales = [] }: Content,
): Promise<string[]> {
  const project_id = project.id
  const [master] = await listLocales({ ...ctx, db: unit.tx }, { project_id })
  const code = master_locale ?? master?.code ?? 'en-us'
  return applyContentBase(ctx, unit, { project_id, master_locale: code, locales })
}

async function applyTokens(
  { ctx, unit, project, environments }: ConfigurationUnit,
  { management_tokens = [], delivery_tokens = [] }: Content,
): Promise<string[]> {
  const idOf = (name: string, field: string) => {
    const environment = environments.find((one) => one.name === name)
    if (!environment) throw invalidField(field, 'unknown', `'${name}' is no environment of this project`)
    return environment.id
  }
  const base = { project_id: project.id, user_id: null }
  const declared: DeclaredToken[] = [
    ...management_tokens.map(({ name, token, scopes, branches = null }, index) => ({
      ...{ ...base, kind: 'service' as const, name, secret: token, branches },
      scopes: readScopes(scopes, `management_tokens.${index}.scopes`),
    })),
    ...delivery_tokens.map(({ name, token, environments: named, branches = null }, index) => ({
      ...{ ...base, kind: 'delivery' as const, name, secret: token, branches },
      environment_ids: named.map((one, at) => idOf(one, `delivery_tokens.${index}.environments.${at}`)),
    })),
  ]
  const lines: string[] = []
  for (const token of declared) {
    const done = await declareTokenIn(ctx, unit, token)
    const sort = token.kind === 'delivery' ? 'delivery token' : 'management token'
    if (done !== 'unchanged') lines.push(`${done === 'created' ? '+' : '~'} ${sort} ${token.name}`)
  }
  return lines
}

/** Scopes in our words or in the vendor's, as ours. Throws `invalid` for one that only looks like the vendor's. */
function readScopes(scopes: readonly string[], path: string): string[] {
  const actions = scopes.flatMap((scope, index) => {
    const known = actionsOf(scope)
    if (known) return known
    throw invalidField(
      `${path}.${index}`,
      'unknown',
      `'${scope}' is no scope of Contentstack that Headgate knows`,
    )
  })
  return [...new Set(actions)]
}

/** Limits that are not named stay as they are. */
async function applyLimits(
  { ctx, unit, project: { id: project_id } }: ConfigurationUnit,
  { limits }: Content,
): Promise<string[]> {
  if (!limits) return []
  const { annotations } = await getProject({ ...ctx, db: unit.tx }, { project_id })
  const { [limitsWord]: noted } = annotations
  const before = withDefaults(noted)
  const changed = limitNames.filter((name) => (limits[name] ?? before[name]) !== before[name])
  if (changed.length === 0) return []
  const own = { ...(noted as Partial<ProjectLimits> | undefined), ...limits }
  await updateProjectIn(ctx, unit, { project_id, annotations: { ...annotations, [limitsWord]: own } })
  return changed.map((name) => `~ limit ${name} ${limits[name]}`)
}
