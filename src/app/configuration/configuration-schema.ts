import { Type, type Static } from 'typebox'
import { Deploy } from './deploy-settings.ts'
import type { ProjectPart } from './project-part.ts'

const closed = { additionalProperties: false }
const text = (most: number) => Type.String({ minLength: 1, maxLength: most })
const Role = Type.Union(['viewer', 'releaser', 'approver', 'admin'].map((role) => Type.Literal(role)))
const Secret = Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' })
const Key = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })

const User = Type.Object(
  {
    email: text(254),
    name: Type.Optional(text(200)),
    /** On the whole instance. */
    role: Type.Optional(Role),
    /** On single projects. */
    grants: Type.Optional(Type.Array(Type.Object({ project: Key, role: Role }, closed), { maxItems: 200 })),
    password: Type.Optional(Type.String({ minLength: 8, maxLength: 1000 })),
    agent: Type.Optional(Type.Boolean()),
  },
  closed,
)

const Token = Type.Object(
  {
    name: text(200),
    user: text(254),
    secret: Secret,
    scopes: Type.Array(text(100), { minItems: 1, maxItems: 100 }),
  },
  closed,
)

/** What it can ask for is checked where it is made. */
const Webhook = Type.Object(
  {
    name: text(200),
    url: text(2000),
    kinds: Type.Array(text(100), { minItems: 1, maxItems: 100 }),
    project: Type.Optional(Key),
    environments: Type.Optional(Type.Array(text(200), { minItems: 1, maxItems: 200 })),
    secret: text(200),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    disabled: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type DeclaredWebhook = Static<typeof Webhook>

const Approvals = Type.Object(
  {
    count: Type.Integer({ minimum: 0, maximum: 100 }),
    timeout_hours: Type.Optional(Type.Number({ minimum: 0.01, maximum: 8760 })),
  },
  closed,
)

/** Its rule is checked where it is set. */
const Freeze = Type.Object(
  {
    name: text(200),
    rrule: text(300),
    start: text(5),
    duration_minutes: Type.Integer(),
    time_zone: text(64),
    starts_on: Type.Optional(text(10)),
    reason: Type.Optional(text(2000)),
  },
  closed,
)
export type DeclaredFreeze = Static<typeof Freeze>

const variableName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,99}$' })
const Values = Type.Record(variableName, Type.String({ maxLength: 100_000 }), { maxProperties: 1000 })

/** When an environment is looked at for drift. Its rule is checked where it is set. */
const Drift = Type.Object(
  { cron: Type.Union([text(200), Type.Null()]), time_zone: Type.Optional(text(64)) },
  closed,
)

const Environment = Type.Object(
  {
    name: text(200),
    id: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' })),
    tier: Type.Optional(text(100)),
    parent: Type.Optional(text(200)),
    requires_parent: Type.Optional(Type.Boolean()),
    auto_promote: Type.Optional(Type.Boolean()),
    approvals: Type.Optional(Approvals),
    freezes: Type.Optional(Type.Array(Freeze, { maxItems: 1000 })),
    deploy: Type.Optional(Deploy),
    variables: Type.Optional(Values),
    secrets: Type.Optional(Values),
    drift: Type.Optional(Drift),
  },
  closed,
)

/** The whole file. What a kind says of a project is checked by the surface that brings it. */
export function configurationSchema(parts: readonly ProjectPart[]) {
  const Project = Type.Object(
    {
      key: Key,
      name: Type.Optional(text(200)),
      kind: Type.Union(['content', 'code', 'infra', 'data'].map((kind) => Type.Literal(kind))),
      environments: Type.Optional(Type.Array(Environment, { maxItems: 1000 })),
      ...Object.fromEntries(
        parts.map(({ kind, schema }) => [kind, Type.Optional(Type.Unsafe<unknown>(schema))]),
      ),
    },
    closed,
  )
  return Type.Object(
    {
      users: Type.Optional(Type.Array(User, { maxItems: 10_000 })),
      tokens: Type.Optional(Type.Array(Token, { maxItems: 10_000 })),
      projects: Type.Optional(Type.Array(Project, { maxItems: 10_000 })),
      webhooks: Type.Optional(Type.Array(Webhook, { maxItems: 1000 })),
    },
    closed,
  )
}

/** Those of an environment that only infrastructure has. */
export const infraKeys = ['variables', 'secrets', 'drift'] as const

export type DeclaredUser = Static<typeof User> & {
  role?: RoleName
  grants?: { project: string; role: RoleName }[]
}
export type DeclaredToken = Static<typeof Token>
export type DeclaredEnvironment = Static<typeof Environment> & Record<string, unknown>
export interface DeclaredProject {
  key: string
  name?: string
  kind: ProjectPart['kind']
  environments?: DeclaredEnvironment[]
  [part: string]: unknown
}
export interface Declared {
  users?: DeclaredUser[]
  tokens?: DeclaredToken[]
  projects?: DeclaredProject[]
  webhooks?: DeclaredWebhook[]
}
type RoleName = 'viewer' | 'releaser' | 'approver' | 'admin'
