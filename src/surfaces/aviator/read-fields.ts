import { readCandidateVersion } from '#domain/candidate-version.ts'
import { invalidField } from '#domain/errors.ts'
import { reportedStatusNames, type ReportedStatus } from '#domain/reported-status.ts'
import { readNumber } from './ids.ts'

type Body = Readonly<Record<string, unknown>>

const versionField = 'release_candidate_version'

/** A candidate's whole version. Throws `invalid`. */
export function readVersion(value: unknown): string {
  if (typeof value === 'string' && readCandidateVersion(value)) return value
  throw invalidField(versionField, 'invalid', 'is none, such as 2024.10.21-3-rc1')
}

/** The version that a body names. Throws `invalid`, also where it names none. */
export function versionIn(body: Body): string {
  return readVersion(body[versionField])
}

export function optionalVersionIn(body: Body): string | undefined {
  const value = body[versionField]
  return value === undefined || value === null ? undefined : readVersion(value)
}

/** Throws `invalid`. */
export function statusIn({ status }: Body): ReportedStatus {
  const known = reportedStatusNames.find((name) => name === status)
  if (known) return known
  throw invalidField('status', 'invalid', `must be one of ${reportedStatusNames.join(', ')}`)
}

/** False where it is left out. Throws `invalid`. */
export function flagIn(body: Body, field: string): boolean {
  const value = body[field] ?? false
  if (typeof value === 'boolean') return value
  throw invalidField(field, 'invalid', 'must be true or false')
}

/** Throws `invalid`. */
export function textIn(body: Body, field: string, most: number): string | undefined {
  const value = body[field] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.length <= most) return value
  throw invalidField(field, 'invalid', `must be a text of at most ${most} characters`)
}

/** An id of ours: a number, or text. Throws `invalid`. */
export function idIn(body: Body, field: string): number {
  const number = readNumber(body[field])
  if (number !== undefined) return number
  throw invalidField(field, 'invalid', 'must be a whole number from 1 on, as a number or as text')
}

/** The id of somebody else's, which may be too large to count with. Throws `invalid`. */
export function foreignIdIn(body: Body, field: string): string {
  const value = body[field]
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text === 'string' && /^[1-9][0-9]{0,19}$/.test(text.trim())) return text.trim()
  throw invalidField(field, 'invalid', 'must be a whole number from 1 on, as a number or as text')
}
