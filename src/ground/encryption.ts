import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Encrypts what must lie in the store and be read again: signing secrets, what a command is given. */
export interface Vault {
  /** By the newest key: `v1.<key id>.<nonce, text and tag in base64url>`. `context` is what it belongs to. */
  seal(text: string, context: string): string
  /** By whichever key it was sealed with. Throws SealError. */
  open(sealed: string, context: string): string
  /** Whether it was sealed with a key that is not the newest one any more: seal it again. */
  isOld(sealed: string): boolean
}

/** What was sealed cannot be opened: its key is gone, it was changed, or it belongs to something else. */
export class SealError extends Error {}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM with keys of 32 bytes, the newest first: it seals, all open. The context is authenticated, so that a
 * sealed text that was copied to another row opens nothing. Throws where there is no key.
 */
export function openVault(keys: readonly Uint8Array[]): Vault {
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  const [newest] = keys
  if (!newest) throw new Error('a vault needs a key')
  const newestId = keyId(newest)
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes)
      const work = createCipheriv(cipher, newest, nonce).setAAD(Buffer.from(context))
      const parts = [nonce, work.update(text, 'utf8'), work.final(), work.getAuthTag()]
      return `v1.${newestId}.${Buffer.concat(parts).toString('base64url')}`
    },
    open(sealed, context) {
      const [version, id = '', packed = ''] = sealed.split('.')
      if (version !== 'v1') throw new SealError('this was not sealed here')
      const key = byId.get(id)
      if (!key) throw new SealError(`the key ${id} that this was sealed with is not in HEADGATE_SECRET_KEY`)
      const bytes = Buffer.from(packed, 'base64url')
      const end = bytes.length - tagBytes
      if (end < nonceBytes) throw new SealError('this was cut short')
      try {
        const work = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
        work.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(end))
        return Buffer.concat([work.update(bytes.subarray(nonceBytes, end)), work.final()]).toString('utf8')
      } catch {
        throw new SealError('this was changed, or belongs to something else')
      }
    },
    isOld: (sealed) => sealed.split('.')[1] !== newestId,
  }
}

/** Says which key it was and nothing about the key. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('headgate key').update(key).digest('hex').slice(0, 12)
}
