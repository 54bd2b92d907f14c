import { Type, type Static } from 'typebox'
import { Description, Exactly, Id, Nullable, OneOf, Time } from './schema.ts'

const Kinds = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  minItems: 1,
  maxItems: 100,
  description:
    'Kinds of events (`release.created`), all of a noun (`release.*`), `deployment.finished` (one for each ' +
    'deployment, however it ends), or `*` for everything',
})
const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'http or https; not private, not redirected',
})
const Secret = Type.String({
  maxLength: 200,
  description: '`whsec_` and 24 to 64 bytes in base64; made if left out',
})
const Environments = Type.Array(Type.String({ maxLength: 128 }), { minItems: 1, maxItems: 200 })

export const Webhook = Type.Object(
  {
    id: Id('whk'),
    format: Type.String({
      description:
        'In whose words its messages are: `standard` are ours; of another, only the description and whether it is ' +
        'disabled can be changed here',
    }),
    project_id: Nullable(Id('prj')),
    environment_ids: Nullable(Type.Array(Id('env'))),
    url: Url,
    kinds: Type.Array(Type.String()),
    description: Type.String(),
    disabled: Type.Boolean(),
    disabled_at: Nullable(Time),
    disabled_reason: Nullable(Type.String()),
    failing_since: Nullable(
      Type.String({ format: 'date-time', description: 'Since when it took no delivery' }),
    ),
    previous_secret_until: Nullable(
      Type.String({ format: 'date-time', description: 'Until when the secret that was replaced signs, too' }),
    ),
    version: Type.Integer(),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Webhook' },
)
export type Webhook = Static<typeof Webhook>

export const NewWebhook = Exactly({
  url: Url,
  kinds: Kinds,
  project: Type.Optional(
    Type.String({
      maxLength: 128,
      description: 'A project’s key; left out, it is told of the whole instance',
    }),
  ),
  environments: Type.Optional(Environments),
  description: Type.Optional(Description),
  disabled: Type.Optional(Type.Boolean()),
  secret: Type.Optional(Secret),
})
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookChange = Exactly({
  url: Type.Optional(Url),
  kinds: Type.Optional(Kinds),
  environments: Type.Optional(Nullable(Environments)),
  description: Type.Optional(Description),
  disabled: Type.Optional(Type.Boolean()),
})
export type WebhookChange = Static<typeof WebhookChange>

export const MadeWebhook = Type.Object({
  webhook: Type.Unsafe<Webhook>({ $ref: 'Webhook#' }),
  secret: Type.String({ description: 'Shown here and never again' }),
})
export type MadeWebhook = Static<typeof MadeWebhook>

export const SecretRotation = Exactly({
  secret: Type.Optional(Secret),
  keep_hours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 720,
      description: 'How long the old one signs, too: 24 unless said',
    }),
  ),
})
export type SecretRotation = Static<typeof SecretRotation>

export const deliveryStates = ['pending', 'delivered', 'failed'] as const

const delivery = {
  id: Id('dlv'),
  webhook_id: Id('whk'),
  event_id: Nullable(Id('evt')),
  type: Type.String(),
  state: OneOf(deliveryStates),
  attempts: Type.Integer({ description: 'How often it was sent, replays included' }),
  next_attempt_at: Nullable(Time),
  created_at: Time,
  finished_at: Nullable(Time),
}

export const Delivery = Type.Object(delivery, {
  $id: 'Delivery',
  description: 'A message to a webhook; its id is the webhook-id under which it is sent, however often',
})
export type Delivery = Static<typeof Delivery>

export const DeliveryWithLog = Type.Object(
  {
    ...delivery,
    body: Nullable(Type.String({ description: 'What is sent; null before the first attempt' })),
    log: Type.Array(
      Type.Object({
        number: Type.Integer(),
        at: Time,
        duration_ms: Type.Integer(),
        status: Nullable(Type.Integer({ description: 'Of the answer; null where there was none' })),
        error: Nullable(Type.String()),
        answer: Nullable(
          Type.String({ description: 'Its first kilobyte, without what looks like a credential' }),
        ),
      }),
      { description: 'Newest first' },
    ),
  },
  { $id: 'DeliveryWithLog' },
)
export type DeliveryWithLog = Static<typeof DeliveryWithLog>

export const ReplaySince = Exactly({
  since: Type.String({ format: 'date-time', description: 'Deliveries that failed and were made since then' }),
})
export const Replayed = Type.Object({ replayed: Type.Integer() })
export type Replayed = Static<typeof Replayed>
export const Pinged = Type.Object({ delivery_id: Id('dlv') })
export type Pinged = Static<typeof Pinged>
