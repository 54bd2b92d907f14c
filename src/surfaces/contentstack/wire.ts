import { Type, type Static, type TSchema } from 'typebox'
import { limits } from './limits.ts'

// What the vendor's clients send. Fields that are not named here are let through and left alone: the SDKs put back
// whole instances, their own internals included (spec section 0, 4).

export const Text = Type.String({ maxLength: 10_000 })
export const Name = Type.String({ minLength: 1, maxLength: 255 })
export const Uid = Type.String({ minLength: 1, maxLength: 128 })
export const Int = Type.Integer({ minimum: 1, maximum: limits.number })
/** Written as a list of types, so that a wrong value is told of once and not once for each alternative. */
export const orNull = <S extends TSchema & { type: string }>(schema: S) =>
  Type.Unsafe<Static<S> | null>({ ...schema, type: [schema.type, 'null'] })

/** Every body is wrapped in the name of its resource. */
export const wrapped = <K extends string, S extends TSchema>(key: K, schema: S) =>
  Type.Object({ [key]: schema } as { [P in K]: S })

export const Login = wrapped(
  'user',
  Type.Object({ email: Text, password: Text, tfa_token: Type.Optional(orNull(Text)) }),
)

export const NewStack = wrapped(
  'stack',
  Type.Object({
    name: Name,
    description: Type.Optional(Text),
    master_locale: Type.Optional(Type.String({ minLength: 2, maxLength: 32 })),
  }),
)

export const StackChange = wrapped(
  'stack',
  Type.Object({ name: Type.Optional(Name), description: Type.Optional(Text) }),
)

export const StackSettings = wrapped('stack_settings', Type.Record(Type.String(), Type.Unknown()))

const Acl = Type.Object({ read: Type.Optional(Type.Boolean()), write: Type.Optional(Type.Boolean()) })

const TokenScope = Type.Array(
  Type.Object({
    module: Name,
    acl: Type.Optional(Acl),
    branches: Type.Optional(Type.Array(Uid, { maxItems: 100 })),
    branch_aliases: Type.Optional(Type.Array(Uid, { maxItems: 100 })),
    environments: Type.Optional(Type.Array(Name, { maxItems: 100 })),
  }),
  { maxItems: 100 },
)
export type TokenScope = Static<typeof TokenScope>

export const NewToken = wrapped(
  'token',
  Type.Object({
    name: Name,
    description: Type.Optional(Text),
    scope: TokenScope,
    expires_on: Type.Optional(orNull(Text)),
  }),
)

export const TokenChange = wrapped(
  'token',
  Type.Object({
    name: Type.Optional(Name),
    description: Type.Optional(Text),
    scope: Type.Optional(TokenScope),
    expires_on: Type.Optional(orNull(Text)),
  }),
)

export const NewLocale = wrapped(
  'locale',
  Type.Object({
    code: Type.String({ minLength: 2, maxLength: 32 }),
    name: Type.Optional(Name),
    fallback_locale: Type.Optional(orNull(Text)),
  }),
)

export const LocaleChange = wrapped(
  'locale',
  Type.Object({ name: Type.Optional(Name), fallback_locale: Type.Optional(orNull(Text)) }),
)

const Schema = Type.Array(Type.Unknown(), { maxItems: 1000 })
const Options = Type.Optional(Type.Record(Type.String(), Type.Unknown()))

export const NewContentType = wrapped(
  'content_type',
  Type.Object({ title: Name, uid: Uid, schema: Schema, description: Type.Optional(Text), options: Options }),
)

export const ContentTypeChange = wrapped(
  'content_type',
  Type.Object({
    title: Type.Optional(Name),
    schema: Type.Optional(Schema),
    description: Type.Optional(Text),
    options: Options,
  }),
)

/** The fields are the customer's; the catalogue checks them against the content type. */
export const EntryBody = wrapped('entry', Type.Record(Type.String(), Type.Unknown()))

export const VersionName = wrapped(
  'entry',
  Type.Object({
    _version_name: orNull(Text),
    locale: Type.Optional(Uid),
    force: Type.Optional(Type.Boolean()),
  }),
)

export const Names = Type.Array(Name, { minItems: 1, maxItems: 100 })
const Time = Type.Optional(orNull(Type.String({ maxLength: 64 })))
export const schedule = { scheduled_at: Time, scheduledAt: Time }

const Targets = Type.Object({
  environments: Names,
  locales: Type.Optional(Type.Array(Uid, { maxItems: 100 })),
  // There are none here: what was meant for a variant must not happen to the entry.
  variants: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 0 })),
})

export const PublishEntry = Type.Object({
  entry: Targets,
  locale: Type.Optional(Uid),
  version: Type.Optional(Int),
  ...schedule,
})

export const PublishAsset = Type.Object({ asset: Targets, version: Type.Optional(Int), ...schedule })

/** Without `asset` it is a form, whose fields stand elsewhere. */
export const AssetChange = Type.Object({
  asset: Type.Optional(
    Type.Object({
      title: Type.Optional(Name),
      description: Type.Optional(Text),
      tags: Type.Optional(Type.Union([Type.Array(Name, { maxItems: 1000 }), Text])),
      parent_uid: Type.Optional(orNull(Uid)),
      filename: Type.Optional(Name),
    }),
  ),
})

export const NewFolder = wrapped('asset', Type.Object({ name: Name, parent_uid: Type.Optional(orNull(Uid)) }))

export const FolderChange = wrapped(
  'asset',
  Type.Object({ name: Type.Optional(Name), parent_uid: Type.Optional(orNull(Uid)) }),
)
