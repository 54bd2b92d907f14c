import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, Slug, Time } from './schema.ts'

const Tier = Type.String({ minLength: 1, maxLength: 64, description: 'A word for how much depends on it' })

export const Environment = Type.Object(
  {
    id: Id('env'),
    project_id: Id('prj'),
    name: Type.String(),
    tier: Nullable(Tier),
    parent: Nullable(Type.String({ description: 'The environment that comes before it' })),
    requires_parent: Type.Boolean({ description: 'Only what is proven in the parent is deployed here' }),
    auto_promote: Type.Boolean({
      description: 'Code that was deployed to the parent goes on to it by itself',
    }),
    approvals: Type.Object({ count: Type.Integer(), timeout_seconds: Type.Integer() }),
    executor: Type.String({ description: 'How it deploys' }),
    deploy: Type.Record(Type.String(), Type.Unknown(), {
      description:
        'What headgate.yaml gives that executor; secrets are blackened. It can be set nowhere else',
    }),
    version: Type.Integer({ description: 'Also its ETag' }),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Environment' },
)
export type Environment = Static<typeof Environment>

const protections = {
  requires_parent: Type.Optional(
    Type.Boolean({ description: 'Only what is proven in the parent is deployed here' }),
  ),
  auto_promote: Type.Optional(
    Type.Boolean({ description: 'Code that was deployed to the parent goes on to it by itself' }),
  ),
  approvals: Type.Optional(
    Exactly({
      count: Type.Integer({
        minimum: 0,
        maximum: 100,
        description: 'How many people have to approve a plan',
      }),
      timeout_seconds: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 31_536_000, description: 'How long they are waited for; a day' }),
      ),
    }),
  ),
}

export const NewEnvironment = Exactly({
  name: Slug,
  tier: Type.Optional(Nullable(Tier)),
  parent: Type.Optional(Nullable(Type.String({ maxLength: 128 }))),
  ...protections,
})
export type NewEnvironment = Static<typeof NewEnvironment>

export const EnvironmentChange = Exactly({
  name: Type.Optional(Slug),
  tier: Type.Optional(Nullable(Tier)),
  parent: Type.Optional(Nullable(Type.String({ maxLength: 128 }))),
  ...protections,
})
export type EnvironmentChange = Static<typeof EnvironmentChange>
