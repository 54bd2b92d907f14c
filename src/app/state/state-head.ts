import { DomainError } from '#domain/errors.ts'

/** By which a state is told from an older one, and from one of something else. */
export interface StateHead {
  serial: number
  lineage: string
}

/** The versions of the format that are known: 4 is Terraform's since 0.12, and OpenTofu's. */
const formats = [4]
const longestLineage = 200

/** Throws `malformed` for what is no state of Terraform's. */
export function readStateHead(bytes: Uint8Array): StateHead {
  const { version, serial, lineage } = fieldsOf(bytes)
  const malformed = (detail: string) => new DomainError('malformed', { detail })
  if (!formats.includes(version as number))
    throw malformed(
      'A state of Terraform has the version 4 of its format. Older ones are upgraded by Terraform itself.',
    )
  if (!Number.isSafeInteger(serial) || (serial as number) < 0)
    throw malformed('The serial of a state is a whole number.')
  if (
    typeof lineage !== 'string' ||
    lineage === '' ||
    lineage.length > longestLineage ||
    !isStorable(lineage)
  )
    throw malformed(`The lineage of a state is a text of at most ${longestLineage} characters.`)
  return { serial: serial as number, lineage }
}

function fieldsOf(bytes: Uint8Array): { version?: unknown; serial?: unknown; lineage?: unknown } {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (value !== null && typeof value === 'object') return value
  } catch {
    // Said below.
  }
  throw new DomainError('malformed', { detail: 'A state is an object in JSON.' })
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
