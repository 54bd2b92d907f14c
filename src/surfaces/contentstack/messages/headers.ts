import { signMessage } from '#app/webhooks/signing-key.ts'
import type { MessageFormat } from '#app/webhooks/message-format.ts'
import { surface } from '../ids.ts'
import { readSecrets, readSettings } from './settings.ts'

/** Basic or bearer, the custom headers, and the signature that `/.well-known/public-keys.json` verifies. */
export const writeHeaders: MessageFormat['headers'] = async (ctx, { webhook, target, body, credentials }) => {
  const destination = readSettings(webhook.settings).destinations[target]
  const secrets = readSecrets(credentials)[target]
  const { authentication_type, http_basic_auth = '', custom_header = [] } = destination ?? {}
  const own = custom_header.map(({ header_name, value }) => {
    const name = header_name.toLowerCase()
    return [name, value ?? secrets?.headers[name] ?? ''] as const
  })
  return {
    ...Object.fromEntries(own),
    ...(authentication_type === 'Basic' && {
      authorization: basic(http_basic_auth, secrets?.password ?? ''),
    }),
    ...(authentication_type === 'Bearer' && { authorization: `Bearer ${secrets?.bearer_token ?? ''}` }),
    'content-type': 'application/json',
    'x-contentstack-request-signature': `v1=${await signMessage(ctx, surface, body)}`,
  }
}

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
