import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, Reason, ref, SearchQuery, Time } from './schema.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })
const Json = Type.Unsafe<Record<string, unknown>>(
  Type.Object({}, { additionalProperties: true, description: 'JSON' }),
)

/** A resource in a path. */
export const ByResource = Type.Object({ key: Text, name: Text, type: Text, resource: Text })
export const ByVariable = Type.Object({ key: Text, name: Text, variable: Text })
export const ByKeyAndId = Type.Object({ key: Text, id: Text })

export const Finding = Type.Object(
  {
    category: Type.String(),
    severity: OneOf(['error', 'warning']),
    file: Type.String(),
    line: Nullable(Type.Integer()),
    path: Nullable(Type.String({ description: 'Where in the file: spec.env.DB_HOST' })),
    message: Type.String(),
    item_key: Nullable(Type.String()),
  },
  { $id: 'Finding' },
)
export type Finding = Static<typeof Finding>

export const BlueprintCheck = Type.Object(
  {
    blueprint_digest: Type.String(),
    modules_digest: Type.String(),
    commit: Nullable(Type.String(), { description: 'Null where the blueprint lies in a folder' }),
    resources: Type.Integer({ description: 'How many would be released' }),
    findings: Type.Array(ref(Finding), { description: 'An error keeps the blueprint from being released' }),
  },
  { $id: 'BlueprintCheck' },
)
export type BlueprintCheck = Static<typeof BlueprintCheck>

export const Resource = Type.Object(
  {
    key: Type.String({ description: 'Its type and its name: service/api' }),
    type: Type.String(),
    name: Type.String(),
    file: Nullable(Type.String(), { description: 'Null: it is live, and in the blueprint no more' }),
    disabled: Nullable(OneOf(['blueprint', 'override']), { description: 'By what' }),
    provided: Type.Boolean({ description: 'It comes from elsewhere: nothing is made of it' }),
    version: Nullable(Type.String(), { description: 'What it would be released as now' }),
    live_version: Nullable(Type.String()),
    uncertain: Type.Boolean({ description: 'A deployment broke off in the middle of it' }),
    override_version: Nullable(Type.Integer()),
    instance: Nullable(Json, {
      description:
        'As it would be released: overrides, variables and artifacts put in; secrets are only named',
    }),
    findings: Type.Array(ref(Finding)),
  },
  { $id: 'Resource' },
)
export type Resource = Static<typeof Resource>

export const ResourceQuery = SearchQuery({ type: Type.Optional(Text) })

const Anything = Type.Unknown()
const causes = ['blueprint', 'modules', 'override', 'artifact', 'variable', 'environment'] as const

export const ResourceDifference = Type.Object(
  {
    key: Type.String(),
    type: Type.String(),
    name: Type.String(),
    action: OneOf(['added', 'changed', 'removed']),
    before: Nullable(Type.String()),
    after: Nullable(Type.String()),
    changes: Type.Array(
      Type.Object({ cause: OneOf(causes), attribute: Type.String(), before: Anything, after: Anything }),
    ),
  },
  { $id: 'ResourceDifference' },
)
export type ResourceDifference = Static<typeof ResourceDifference>

export const ResourceOverride = Type.Object(
  {
    key: Type.String(),
    type: Type.String(),
    name: Type.String(),
    changes: Nullable(Json, { description: 'Merged into the resource' }),
    disabled: Nullable(Type.Boolean(), { description: 'Null: as the blueprint says' }),
    reason: Nullable(Type.String()),
    version: Type.Integer(),
    updated_by: Nullable(Id('usr')),
    updated_at: Time,
  },
  { $id: 'ResourceOverride' },
)
export type ResourceOverride = Static<typeof ResourceOverride>

export const OverrideRequest = Exactly({
  changes: Type.Optional(Nullable(Json, { description: 'Replaces what was there; left out, it stays' })),
  disabled: Type.Optional(Nullable(Type.Boolean())),
  reason: Type.Optional(Reason),
})
export type OverrideRequest = Static<typeof OverrideRequest>

export const Variable = Type.Object(
  {
    name: Type.String(),
    value: Nullable(Type.String(), { description: 'Null: it is a secret' }),
    secret: Type.Boolean(),
    version: Type.Integer(),
    updated_by: Nullable(Id('usr')),
    updated_at: Time,
  },
  { $id: 'Variable' },
)
export type Variable = Static<typeof Variable>

export const VariableRequest = Exactly({
  value: Type.String({ maxLength: 100_000 }),
  secret: Type.Optional(Type.Boolean({ description: 'Left out, as it was; at first no secret' })),
})
export type VariableRequest = Static<typeof VariableRequest>

export const Artifact = Type.Object(
  {
    id: Id('art'),
    application: Type.String(),
    uri: Type.String(),
    environment_id: Nullable(Id('env')),
    release_stream: Nullable(Type.String()),
    external_id: Nullable(Type.String()),
    tag: Nullable(Type.String()),
    description: Nullable(Type.String()),
    metadata: Json,
    restores: Nullable(Id('art'), { description: 'The older one that was taken again' }),
    registered_by: Nullable(Id('usr')),
    created_at: Time,
  },
  { $id: 'Artifact' },
)
export type Artifact = Static<typeof Artifact>

export const ArtifactRequest = Exactly({
  application: Type.String({ minLength: 1, maxLength: 200, description: 'As the blueprint calls it' }),
  uri: Type.String({ minLength: 1, maxLength: 2000, description: 'Where what was built lies' }),
  environment: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'By its name; left out, not for one alone' }),
  ),
  release_stream: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'For all environments that follow it' }),
  ),
  external_id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  description: Type.Optional(Type.String({ maxLength: 5000 })),
  metadata: Type.Optional(Json),
})
export type ArtifactRequest = Static<typeof ArtifactRequest>

export const ArtifactQuery = SearchQuery({
  application: Type.Optional(Text),
  environment: Type.Optional(Text),
  release_stream: Type.Optional(Text),
})

export const ResourceRollbackRequest = Exactly({
  deployment: Id('dep', 'What it brought is put back'),
  allow_destroy: Type.Optional(Type.Boolean()),
  reason: Type.Optional(Reason),
})
export type ResourceRollbackRequest = Static<typeof ResourceRollbackRequest>

const Source = Type.Object({
  path: Nullable(Type.String()),
  repository: Nullable(Type.String()),
  url: Nullable(Type.String()),
  branch: Nullable(Type.String()),
  folder: Type.String(),
})

export const InfraSettings = Type.Object(
  {
    blueprint: Source,
    modules: Source,
    remote_sources: Type.Boolean(),
    pre_release_hook: Type.Boolean(),
    environments: Type.Array(
      Type.Object({
        name: Type.String(),
        cloud: Type.String(),
        time_zone: Type.String(),
        release_stream: Nullable(Type.String()),
        branch: Nullable(Type.String()),
        facts: Json,
        drift_cron: Nullable(Type.String()),
        drift_time_zone: Type.String(),
      }),
    ),
    version: Type.Integer(),
    updated_at: Time,
  },
  { $id: 'InfraSettings' },
)
export type InfraSettings = Static<typeof InfraSettings>
