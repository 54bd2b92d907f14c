import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'

/** Encrypts what must lie in the store and be read again: signing secrets, what a command is given. */
export interface Vault {
  /** By the newest key: `v1.<key id>.<nonce, text and tag in base64url>`. `context` is what it belongs to. */
  seal(text: string, context: string): string
  /** By whichever key it was sealed with. Throws SealError. */
  open(sealed: string, context: string): string
  /** As `seal`, for bytes that lie somewhere as bytes: a header that names the key, nonce, what was sealed, tag. */
  sealBytes(bytes: Uint8Array, context: string): Buffer
  /** By whichever key they were sealed with. Throws SealError. */
  openBytes(sealed: Uint8Array, context: string): Buffer
  /**
   * A digest that only this house can make: equal for equal texts, and of no use to who guesses at them. 64 hexadecimal
   * digits, by the newest key.
   */
  fingerprint(text: string): string
  /** Whether it was sealed with a key that is not the newest one any more: seal it again. */
  isOld(sealed: string): boolean
}

/** What was sealed cannot be opened: its key is gone, it was changed, or it belongs to something else. */
export class SealError extends Error {}

const cipher = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16
/** Before sealed bytes: that they are, and the id of their key. */
const mark = Buffer.from('hgv1')
const keyIdBytes = 6

/**
 * AES-256-GCM with keys of 32 bytes, the newest first: it seals, all open. The context is authenticated, so that a
 * sealed text that was copied to another row opens nothing. Throws where there is no key.
 */
export function openVault(keys: readonly Uint8Array[]): Vault {
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  const [newest] = keys
  if (!newest) throw new Error('a vault needs a key')
  const newestId = keyId(newest)
  const printing = createHmac('sha256', newest).update('headgate fingerprint').digest()
  const lock = (bytes: Uint8Array, context: string): Buffer[] => {
    const nonce = randomBytes(nonceBytes)
    const work = createCipheriv(cipher, newest, nonce).setAAD(Buffer.from(context))
    return [nonce, work.update(bytes), work.final(), work.getAuthTag()]
  }
  const unlock = (id: string, bytes: Uint8Array, context: string): Buffer => {
    const key = byId.get(id)
    if (!key) throw new SealError(`the key ${id} that this was sealed with is not in HEADGATE_SECRET_KEY`)
    const end = bytes.length - tagBytes
    if (end < nonceBytes) throw new SealError('this was cut short')
    try {
      const work = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      work.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(end))
      return Buffer.concat([work.update(bytes.subarray(nonceBytes, end)), work.final()])
    } catch {
      throw new SealError('this was changed, or belongs to something else')
    }
  }
  return {
    seal(text, context) {
      const parts = lock(Buffer.from(text, 'utf8'), context)
      return `v1.${newestId}.${Buffer.concat(parts).toString('base64url')}`
    },
    open(sealed, context) {
      const [version, id = '', packed = ''] = sealed.split('.')
      if (version !== 'v1') throw new SealError('this was not sealed here')
      return unlock(id, Buffer.from(packed, 'base64url'), context).toString('utf8')
    },
    sealBytes: (bytes, context) =>
      Buffer.concat([mark, Buffer.from(newestId, 'hex'), ...lock(bytes, context)]),
    openBytes(sealed, context) {
      const start = mark.length + keyIdBytes
      if (sealed.length < start || !mark.equals(sealed.subarray(0, mark.length)))
        throw new SealError('this was not sealed here')
      const id = Buffer.from(sealed.subarray(mark.length, start)).toString('hex')
      return unlock(id, sealed.subarray(start), context)
    },
    fingerprint: (text) => createHmac('sha256', printing).update(text).digest('hex'),
    isOld: (sealed) => sealed.split('.')[1] !== newestId,
  }
}

/** Says which key it was and nothing about the key. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('headgate key').update(key).digest('hex').slice(0, 12)
}
