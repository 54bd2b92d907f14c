import type { JsonObject } from '#catalogue/content/field.ts'

/** Where a webhook sends to, as far as it may be told. */
export interface Destination {
  target_url: string
  authentication_type: 'Basic' | 'Bearer' | 'None'
  http_basic_auth: string
  /** The value is null where it is kept among the credentials. */
  custom_header: { header_name: string; value: string | null }[]
}

/** What a webhook keeps beside what every webhook has; `webhook.settings`. */
export interface Settings {
  name: string
  destinations: Destination[]
  channels: string[]
  concise_payload: boolean
  notifiers: string[]
  /** Releases are told of once for each deployment, whatever the channels say of their items. */
  skip_items_webhook_trigger: boolean
}

export const readSettings = (settings: JsonObject): Settings => settings as unknown as Settings
export const keepSettings = (settings: Settings): JsonObject => settings as unknown as JsonObject

/** What a destination keeps secret; `webhook.credentials`, JSON, sealed. By the destinations' places. */
export interface Secrets {
  target_url: string
  password?: string
  bearer_token?: string
  /** By the headers' names in lower case. */
  headers: { [name: string]: string }
}

export const readSecrets = (credentials: string | null): Secrets[] =>
  credentials === null ? [] : (JSON.parse(credentials) as Secrets[])

/** In a deploy's body and on a webhook; kept on deployments under this name. */
export const skipItems = 'contentstack/skip_items_webhook_trigger'
