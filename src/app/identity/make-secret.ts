import { randomBytes } from 'node:crypto'

/** How a door wants its secrets to look. 16 digits are 64 bits, the least that cannot be guessed over a network. */
export interface SecretShape {
  prefix: string
  hex_digits: number
}

const ownShape: SecretShape = { prefix: 'hg_', hex_digits: 48 }

/** A new secret nobody can guess, shown once and kept as a digest only. */
export function makeSecret({ prefix, hex_digits }: SecretShape = ownShape): string {
  if (hex_digits < 16) throw new RangeError('a secret has 16 hexadecimal digits at least')
  return (
    prefix +
    randomBytes(Math.ceil(hex_digits / 2))
      .toString('hex')
      .slice(0, hex_digits)
  )
}
