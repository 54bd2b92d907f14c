import type { WebhookView } from '#app/webhooks/webhook-view.ts'
import type { WebhookFields as Kept } from '#app/webhooks/webhook-fields.ts'
import { invalidField } from '#domain/errors.ts'
import type { UidOf } from '../ids.ts'
import { isChannel, kindsOf } from '../messages/channels.ts'
import { keepSettings, readSecrets, readSettings, type Secrets, type Settings } from '../messages/settings.ts'
import type { Destination, WebhookFields } from '../wire/webhook.ts'
import { writeTime } from './time.ts'

/** What stands where a secret is not shown, and says that it is to stay where it is sent back. */
export const hidden = '********'

/** `cs` and a UUID: how the vendor names webhooks and their executions. */
export const csOf = (id: string): string => `cs${id}`

/** The UUID behind such a name, or undefined. */
export function readCs(uid: string): string | undefined {
  return /^cs([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(uid)?.[1]
}

export type WebhookInput = Pick<
  Kept,
  'url' | 'other_urls' | 'kinds' | 'settings' | 'branches' | 'retries' | 'disabled'
>

const credentialName = /auth|token|secret|key|password|passwd|cookie|signature|session/i

/** What was sent, in our words; what was left out stays as it is. Throws `invalid`. */
export function readWebhook(sent: WebhookFields, before?: WebhookView): Partial<WebhookInput> {
  const old: Partial<Settings> = before ? readSettings(before.settings) : {}
  const { destinations, channels = old.channels ?? [], branches, retry_policy, disabled } = sent
  for (const [n, channel] of channels.entries())
    if (!isChannel(channel))
      throw invalidField(`channels.${n}`, 'invalid', 'is no channel: see the list of webhook events.')
  const settings: Settings = {
    name: sent.name ?? old.name ?? '',
    destinations: destinations ? destinations.map(readDestination) : (old.destinations ?? []),
    channels: [...new Set(channels)],
    concise_payload: sent.concise_payload ?? old.concise_payload ?? false,
    notifiers: readNotifiers(sent.notifiers) ?? old.notifiers ?? [],
    skip_items_webhook_trigger: sent.skip_items_webhook_trigger ?? old.skip_items_webhook_trigger ?? false,
  }
  const [url = '', ...other_urls] = settings.destinations.map(({ target_url }) => target_url)
  return {
    ...(destinations ? { url, other_urls } : {}),
    ...{ kinds: kindsOf(settings.channels), settings: keepSettings(settings) },
    ...(branches === undefined ? {} : { branches: isAll(branches) ? null : branches }),
    ...(retry_policy === undefined ? {} : { retries: retry_policy }),
    ...(disabled === undefined ? {} : { disabled }),
  }
}

const isAll = (branches: readonly string[]) => branches.length === 0 || branches.includes('$all')

function readDestination(sent: Destination, n: number): Settings['destinations'][number] {
  const custom_header = ownHeaders(sent).map(({ header_name, value }, at) => {
    const field = `destinations.${n}.custom_header.${at}.header_name`
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(header_name))
      throw invalidField(field, 'invalid', 'is no name of a header.')
    if (reserved.has(header_name.toLowerCase())) throw invalidField(field, 'invalid', 'is set by the sender.')
    return { header_name, value: credentialName.test(header_name) ? null : value }
  })
  const authentication_type = readSort(sent, n)
  return {
    ...{ target_url: sent.target_url, authentication_type },
    ...{ http_basic_auth: sent.http_basic_auth ?? '', custom_header },
  }
}

/** The vendor's samples have one without a name where there is none. */
function ownHeaders({ custom_header = [] }: Destination): { header_name: string; value: string }[] {
  return custom_header.flatMap(({ header_name, value }) =>
    header_name ? [{ header_name, value: value ?? '' }] : [],
  )
}

const reserved = new Set([
  ...['host', 'connection', 'content-length', 'content-type', 'transfer-encoding', 'upgrade', 'expect', 'te'],
  ...['trailer', 'keep-alive', 'proxy-connection', 'webhook-id', 'x-contentstack-request-signature'],
])

function readSort(sent: Destination, n: number): Settings['destinations'][number]['authentication_type'] {
  const { authentication_type: said, http_basic_auth, bearer_token } = sent
  if (said === 'Basic' || said === 'Bearer' || said === 'None') return said
  if (said)
    throw invalidField(`destinations.${n}.authentication_type`, 'invalid', 'must be Basic, Bearer or None.')
  if (http_basic_auth) return 'Basic'
  return bearer_token ? 'Bearer' : 'None'
}

function readNotifiers(sent: unknown): string[] | undefined {
  if (sent === undefined) return undefined
  const all = Array.isArray(sent) ? sent : [sent]
  return all
    .flatMap((one) => (typeof one === 'string' && one !== '' ? [one.slice(0, 320)] : []))
    .slice(0, 100)
}

/**
 * The secrets of destinations. What is sent back hidden stays, for the same address only: else a webhook could be
 * turned to somebody who then is told the secret of another. Throws `invalid`.
 */
export function readCredentials(destinations: readonly Destination[], before: string | null): string | null {
  const old = readSecrets(before)
  const all = destinations.map((sent, n): Secrets => {
    const { target_url } = sent
    const known = old.find((one) => one.target_url === target_url)
    const take = (field: string, given: string | null | undefined, kept: string | undefined) => {
      if (given !== hidden) return given ?? undefined
      if (kept !== undefined) return kept
      throw invalidField(
        `destinations.${n}.${field}`,
        'invalid',
        'must be given: what is kept is kept for another target_url.',
      )
    }
    const sort = readSort(sent, n)
    const password =
      sort === 'Basic' ? take('http_basic_password', sent.http_basic_password, known?.password) : undefined
    const bearer_token =
      sort === 'Bearer' ? take('bearer_token', sent.bearer_token, known?.bearer_token) : undefined
    const headers = ownHeaders(sent).flatMap(({ header_name, value }, at) => {
      if (!credentialName.test(header_name)) return []
      const name = header_name.toLowerCase()
      return [[name, take(`custom_header.${at}.value`, value, known?.headers[name]) ?? ''] as const]
    })
    return {
      target_url,
      ...(password === undefined ? {} : { password }),
      ...(bearer_token === undefined ? {} : { bearer_token }),
      headers: Object.fromEntries(headers),
    }
  })
  const any = all.some(
    (one) =>
      one.password !== undefined || one.bearer_token !== undefined || Object.keys(one.headers).length > 0,
  )
  return any ? JSON.stringify(all) : null
}

export function writeWebhook(view: WebhookView, users: UidOf, org_uid: string) {
  const settings = readSettings(view.settings)
  const { name, channels, concise_payload, notifiers, skip_items_webhook_trigger } = settings
  return {
    ...{ uid: csOf(view.id), name, destinations: settings.destinations.map(writeDestination), channels },
    ...{ retry_policy: view.retries, ...(view.branches && { branches: view.branches }), notifiers },
    ...{ disabled: view.disabled_at !== null, concise_payload, skip_items_webhook_trigger, org_uid },
    unhealthy: { state: view.failing_since !== null },
    ...{ created_by: users(view.created_by), updated_by: users(view.updated_by) },
    ...{ created_at: writeTime(view.created_at), updated_at: writeTime(view.updated_at) },
  }
}

function writeDestination(destination: Settings['destinations'][number]) {
  const { target_url, authentication_type, http_basic_auth, custom_header } = destination
  return {
    ...{ target_url, http_basic_auth, http_basic_password: authentication_type === 'Basic' ? hidden : '' },
    ...(authentication_type === 'Bearer' && { bearer_token: hidden }),
    authentication_type,
    custom_header: custom_header.map(({ header_name, value }) => ({ header_name, value: value ?? hidden })),
  }
}
