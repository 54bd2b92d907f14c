import { createHash } from 'node:crypto'

/** The name under which external ids and annotations of this surface are kept. */
export const surface = 'contentstack'

/** What the vendor knows by an id of its own making. Entries, assets, types, locales and branches carry theirs. */
export type Kind = 'stack' | 'environment' | 'release' | 'user' | 'token' | 'locale'

/** `blt` and 16 hexadecimal digits: the random half of a UUIDv7. */
export function bltOf(uuid: string): string {
  return `blt${uuid.replaceAll('-', '').slice(-16)}`
}

/** A Headgate is one organisation, whatever a client calls its own. */
export const organization = `blt${createHash('sha256').update('headgate').digest('hex').slice(0, 16)}`

/** The vendor's id of one of our things; null for none. */
export type UidOf = (id: string | null) => string | null

/** The forms of the secrets that this surface hands out. */
export const secretShapes = {
  authtoken: { prefix: 'blt', hex_digits: 16 },
  token: { prefix: 'cs', hex_digits: 34 },
} as const
