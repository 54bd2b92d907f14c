import { Type, type Static } from 'typebox'
import { Description, Exactly, Id, Name, Nullable, OneOf, roles, Time } from './schema.ts'

const Grant = Exactly({
  project: Nullable(
    Type.String({ maxLength: 128, description: 'A project’s key; null for the whole instance' }),
  ),
  role: OneOf(roles),
})

export const User = Type.Object(
  {
    id: Id('usr'),
    email: Type.String(),
    name: Type.String(),
    agent: Type.Boolean({ description: 'Never approves and never overrides' }),
    disabled: Type.Boolean(),
    grants: Type.Array(Type.Object({ project_id: Nullable(Id('prj')), role: OneOf(roles) }), {
      description: 'Roles on the instance (null) or on a project',
    }),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'User' },
)
export type User = Static<typeof User>

const Password = Type.String({ minLength: 8, maxLength: 1000 })

export const NewUser = Exactly({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  name: Type.Optional(Name),
  password: Type.Optional(Password),
  agent: Type.Optional(Type.Boolean()),
  grants: Type.Optional(Type.Array(Grant, { maxItems: 200 })),
})
export type NewUser = Static<typeof NewUser>

export const UserChange = Exactly({
  name: Type.Optional(Name),
  password: Type.Optional(Password),
  disabled: Type.Optional(Type.Boolean()),
  grants: Type.Optional(Type.Array(Grant, { maxItems: 200 })),
})
export type UserChange = Static<typeof UserChange>

export const Credentials = Exactly({
  email: Type.String({ maxLength: 1000 }),
  password: Type.String({ maxLength: 10_000 }),
})
export type Credentials = Static<typeof Credentials>

export const Session = Type.Object({
  user: Nullable(Type.Unsafe<User>({ $ref: 'User#' })),
  kind: OneOf(['user', 'service', 'agent']),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  project_id: Nullable(Id('prj')),
})
export type Session = Static<typeof Session>

export const OpenedSession = Type.Object({
  token: Type.String({ description: 'Send it as a bearer; it is not shown again' }),
  user: Type.Unsafe<User>({ $ref: 'User#' }),
})
export type OpenedSession = Static<typeof OpenedSession>

const Scopes = Type.Array(Type.String({ maxLength: 64 }), {
  minItems: 1,
  maxItems: 100,
  description: 'Names of actions, `noun.*`, or `*`',
})

export const Token = Type.Object(
  {
    id: Id('tok'),
    kind: OneOf(['service', 'delivery', 'session']),
    name: Type.String(),
    description: Type.String(),
    user_id: Nullable(Id('usr')),
    project_id: Nullable(Id('prj')),
    environment_ids: Nullable(Type.Array(Id('env'))),
    branches: Nullable(Type.Array(Type.String())),
    scopes: Type.Array(Type.String()),
    expires_at: Nullable(Time),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Token' },
)
export type Token = Static<typeof Token>

export const NewToken = Exactly({
  kind: Type.Optional(OneOf(['service', 'delivery'], { description: 'service when left out' })),
  name: Name,
  description: Type.Optional(Description),
  project: Type.Optional(Type.String({ maxLength: 128, description: 'A project’s key; bound to it' })),
  environments: Type.Optional(Type.Array(Type.String({ maxLength: 128 }), { minItems: 1, maxItems: 200 })),
  branches: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 200 })),
  scopes: Type.Optional(Scopes),
  expires_at: Type.Optional(Time),
})
export type NewToken = Static<typeof NewToken>

export const MadeToken = Type.Object({
  token: Type.Unsafe<Token>({ $ref: 'Token#' }),
  secret: Type.String({ description: 'Shown here and never again' }),
})
export type MadeToken = Static<typeof MadeToken>
