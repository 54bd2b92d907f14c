import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { DomainError } from '#domain/errors.ts'

/** Of a state: some tens of thousands of resources. */
export const mostState = 64 * 1024 * 1024
/** Of a LockInfo. */
export const mostInfo = 64 * 1024

/** What Terraform says behind the address. Whatever comes twice is a list. */
export interface Query {
  ID?: string | string[]
  /** Never said by Terraform: who wants an older state by hand says which. */
  version?: string | string[]
}

export function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** The id of the lock that is held, as it stands behind the address; none where it is empty. */
export function lockIdIn({ ID }: Query): string | undefined {
  if (Array.isArray(ID)) throw new DomainError('malformed', { detail: 'There is one ID behind the address.' })
  return ID === '' ? undefined : ID
}

/** Which of the versions that are kept; undefined for the state as it is. Throws `malformed`. */
export function versionIn({ version }: Query): number | undefined {
  if (version === undefined) return undefined
  if (typeof version === 'string' && /^\d{1,15}$/.test(version)) return Number(version)
  throw new DomainError('malformed', { detail: 'A version is a whole number, such as ?version=12.' })
}

/** What got lost on the way is no state. Throws `malformed`. */
export function checkMd5(bytes: Uint8Array, said: string | string[] | undefined): void {
  if (said === undefined) return
  if (createHash('md5').update(bytes).digest('base64') === said) return
  throw new DomainError('malformed', { detail: 'The body has another MD5 than Content-MD5 says.' })
}
