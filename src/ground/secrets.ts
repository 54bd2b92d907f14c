import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret nobody can guess: 256 bits by default, as characters that need no quoting in URLs and headers. */
export function makeSecret(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** Enough for a long random secret, which cannot be searched for. Passwords need `hashPassword`. */
export function sha256(text: string | Uint8Array): Buffer {
  return hash('sha256', text, 'buffer')
}

/** Whether two secrets are the same, in a time that says nothing about where they differ. */
export function sameSecret(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

/** argon2id with 19 MiB and two passes (OWASP's first choice), as a PHC string that says so. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await import('@node-rs/argon2')
  return hash(password)
}

/**
 * Whether the password is the one that was hashed. Without a hash the answer is no, after as long a time, so that
 * nobody learns which names exist.
 */
export async function verifyPassword(hashed: string | null, password: string): Promise<boolean> {
  const { verify } = await import('@node-rs/argon2')
  if (hashed !== null) return verify(hashed, password)
  standIn ??= hashPassword(makeSecret())
  await verify(await standIn, password)
  return false
}

let standIn: Promise<string> | undefined
