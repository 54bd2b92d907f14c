import { constants, createHmac, generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { makeSecret, sameSecret } from './secrets.ts'

const prefix = 'whsec_'

/** A secret to sign with: `whsec_` and 32 random bytes in base64, as Standard Webhooks writes them. */
export function makeSigningSecret(): string {
  return prefix + Buffer.from(makeSecret(), 'base64url').toString('base64')
}

export interface SignedMessage {
  /** The same however often it is sent: who gets it twice knows it by this. */
  id: string
  /** When this attempt is made. */
  at: Date
  body: string
}

/**
 * The three headers of Standard Webhooks. While a secret is being replaced there are several: a signature by each,
 * and one that fits is enough. A secret without `whsec_` is taken as base64 all the same. Throws where one is neither.
 */
export function signatureHeaders({ id, at, body }: SignedMessage, secrets: readonly string[]) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}

const toleranceMs = 300_000

export type Signed = Partial<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>

/** Whether one of the signatures is by one of the secrets, and was made within five minutes of `now`. */
export function verifySignature(
  headers: Signed,
  body: string,
  secrets: readonly string[],
  now: Date,
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures } = headers
  if (!id || !signatures || !stamp || !/^[0-9]{1,11}$/.test(stamp)) return false
  const at = new Date(Number(stamp) * 1000)
  if (Math.abs(now.getTime() - at.getTime()) > toleranceMs) return false
  const given = signatures.split(' ')
  return secrets.some((secret) => {
    const ours = new Webhook(secret).sign(id, at, body)
    return given.some((theirs) => sameSecret(theirs, ours))
  })
}

/** Whether it is a secret as Standard Webhooks have them: `whsec_` and 24 to 64 bytes in base64. */
export function isSigningSecret(text: string): boolean {
  const packed = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  const bytes = Buffer.from(packed, 'base64')
  return bytes.length >= 24 && bytes.length <= 64 && bytes.toString('base64') === packed
}

/** An RSA pair of 2048 bits in PEM: PKCS #8, and PKCS #1 for what everybody may see. */
export async function makeSigningKey(): Promise<{ private_key: string; public_key: string }> {
  const { privateKey: private_key, publicKey: public_key } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { private_key, public_key }
}

/** RSASSA-PSS over SHA-256, in base64. */
export function signWithKey(body: string, private_key: string): string {
  const key = { key: private_key, padding: constants.RSA_PKCS1_PSS_PADDING }
  return sign('sha256', Buffer.from(body), key).toString('base64')
}

/**
 * Whether `<timestamp>.<body>` is signed by HMAC-SHA256 with this secret, in hexadecimal digits, within five minutes of
 * `now`.
 */
export function verifyStampedSignature(
  secret: string,
  { body, timestamp, signature }: { body: Uint8Array; timestamp: string; signature: string },
  now: Date,
): boolean {
  if (secret === '' || !/^[0-9]{1,11}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > toleranceMs) return false
  const ours = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
  return sameSecret(signature.toLowerCase(), ours)
}

/** Whether a body, byte for byte as it came, is signed by HMAC-SHA256 with this secret: `sha256=` and hexadecimal digits. */
export function verifyBodySignature(
  secret: string,
  body: Uint8Array,
  signature: string | undefined,
): boolean {
  if (secret === '' || !signature || !/^sha256=[0-9a-f]{64}$/i.test(signature)) return false
  const ours = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  return sameSecret(signature.toLowerCase(), ours)
}
