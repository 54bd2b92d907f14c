import { Type, type Static } from 'typebox'
import { Name, orNull, Text, Uid, wrapped } from '../wire.ts'

const Line = Type.String({ maxLength: 2000, pattern: '^[^\\x00-\\x1f\\x7f]*$' })
const MaybeLine = Type.Optional(orNull(Line))
/** What fits a header of HTTP. */
const HeaderText = Type.Optional(
  orNull(Type.String({ maxLength: 2000, pattern: '^[\\x20-\\x7e\\xa0-\\xff]*$' })),
)

const CustomHeader = Type.Object({ header_name: MaybeLine, value: HeaderText })

const Destination = Type.Object({
  target_url: Type.String({ minLength: 1, maxLength: 2000 }),
  authentication_type: MaybeLine,
  http_basic_auth: MaybeLine,
  http_basic_password: MaybeLine,
  bearer_token: HeaderText,
  custom_header: Type.Optional(Type.Array(CustomHeader, { maxItems: 50 })),
})
export type Destination = Static<typeof Destination>

const Flag = Type.Optional(Type.Boolean())
const Channels = Type.Array(Type.String({ minLength: 1, maxLength: 400 }), { minItems: 1, maxItems: 500 })
const Destinations = Type.Array(Destination, { minItems: 1, maxItems: 10 })

const rest = {
  branches: Type.Optional(Type.Array(Uid, { maxItems: 100 })),
  retry_policy: Type.Optional(Type.Enum(['manual', 'automatic'])),
  disabled: Flag,
  concise_payload: Flag,
  /** Our own: releases are told of once for each deployment. */
  skip_items_webhook_trigger: Flag,
  /** Kept and not written to. */
  notifiers: Type.Optional(Type.Unsafe<string | string[]>({})),
}

const Fields = Type.Object({ name: Name, destinations: Destinations, channels: Channels, ...rest })
export type WebhookFields = Partial<Static<typeof Fields>>

export const NewWebhook = wrapped('webhook', Fields)
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookChange = wrapped(
  'webhook',
  Type.Object({
    name: Type.Optional(Name),
    destinations: Type.Optional(Destinations),
    channels: Type.Optional(Channels),
    ...rest,
  }),
)

/** One of the vendor's SDKs names the execution here and the webhook in the address. */
export const Retry = Type.Object({ execution_uid: Type.Optional(Text) })
