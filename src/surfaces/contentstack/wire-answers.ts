import { Type, type Static, type TSchema } from 'typebox'

// What leaves: nothing that is not declared here. Entries, content types and assets are not, since their fields
// are the customer's own.

const Text = Type.String()
const Flag = Type.Boolean()
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const IntOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })
const optional = <S extends TSchema>(schema: S) => Type.Optional(schema)

const authored = { created_by: TextOrNull, updated_by: TextOrNull, created_at: Text, updated_at: Text }

export const NoticeAnswer = Type.Object({ notice: Text })

export const ReleaseStatusAnswer = Type.Object({
  environment: Text,
  status: Text,
  user: TextOrNull,
  job_id: Text,
  time: Text,
})
export type ReleaseStatusAnswer = Static<typeof ReleaseStatusAnswer>

export const ReleaseItemAnswer = Type.Object({
  uid: Text,
  version: IntOrNull,
  locale: Text,
  content_type_uid: Text,
  action: Text,
  title: Text,
  variant_id: TextOrNull,
})
export type ReleaseItemAnswer = Static<typeof ReleaseItemAnswer>

const ReleaseAnswer = Type.Object({
  uid: Text,
  name: Text,
  description: Text,
  locked: Flag,
  sys_locked: Flag,
  sys_version: Type.Integer(),
  archived: Flag,
  status: Type.Array(ReleaseStatusAnswer),
  _deploy_latest: Flag,
  ...authored,
  items: optional(Type.Array(ReleaseItemAnswer)),
  items_count: optional(Type.Integer()),
  _branch: optional(Text),
  // Only in the answers to adding items.
  ACL: optional(Type.Array(Type.Unknown())),
  _version: optional(Type.Integer()),
  tags: optional(Type.Array(Text)),
  app_user_object_uid: optional(TextOrNull),
})
export type ReleaseAnswer = Static<typeof ReleaseAnswer>

export const OneRelease = Type.Object({ notice: optional(Text), release: ReleaseAnswer })

const EnvironmentAnswer = Type.Object({
  uid: Text,
  name: Text,
  urls: Type.Array(Type.Unknown()),
  servers: Type.Array(Type.Unknown()),
  deploy_content: Flag,
  ACL: Type.Array(Type.Unknown()),
  tags: Type.Array(Text),
  _version: Type.Integer(),
  ...authored,
  _branch: optional(Text),
})
export type EnvironmentAnswer = Static<typeof EnvironmentAnswer>
export const OneEnvironment = Type.Object({ notice: optional(Text), environment: EnvironmentAnswer })

const LocaleAnswer = Type.Object({
  uid: Text,
  code: Text,
  name: Text,
  fallback_locale: TextOrNull,
  ACL: Type.Array(Type.Unknown()),
  _version: Type.Integer(),
  ...authored,
  _branch: optional(Text),
})
export type LocaleAnswer = Static<typeof LocaleAnswer>
export const OneLocale = Type.Object({ notice: optional(Text), locale: LocaleAnswer })

const TokenAnswer = Type.Object({
  uid: Text,
  name: Text,
  description: Text,
  scope: Type.Array(Type.Unknown()),
  expires_on: TextOrNull,
  is_email_notification_enabled: Flag,
  created_by: TextOrNull,
  created_at: Text,
  updated_at: Text,
  // Told once, when it is made: what is kept is a digest.
  token: optional(Text),
  preview_token: optional(Text),
})
export type TokenAnswer = Static<typeof TokenAnswer>
export const OneToken = Type.Object({ notice: optional(Text), token: TokenAnswer })

const StackAnswer = Type.Object({
  uid: Text,
  api_key: Text,
  name: Text,
  description: Text,
  master_locale: Text,
  org_uid: Text,
  owner_uid: TextOrNull,
  user_uids: Type.Array(Text),
  collaborators: optional(Type.Array(Type.Unknown())),
  created_at: Text,
  updated_at: Text,
})
export type StackAnswer = Static<typeof StackAnswer>
export const OneStack = Type.Object({ notice: optional(Text), stack: StackAnswer })

const UserAnswer = Type.Object({
  uid: Text,
  email: Text,
  username: Text,
  first_name: Text,
  last_name: Text,
  company: Text,
  org_uid: Type.Array(Text),
  shared_org_uid: Type.Array(Text),
  active: Flag,
  failed_attempts: Type.Integer(),
  created_at: Text,
  updated_at: Text,
  roles: Type.Array(Type.Unknown()),
  organizations: Type.Array(Type.Unknown()),
  settings: optional(Type.Unknown()),
  authtoken: optional(Text),
})
export type UserAnswer = Static<typeof UserAnswer>
export const OneUser = Type.Object({ notice: optional(Text), user: UserAnswer })
