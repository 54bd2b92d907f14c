import { isObject, isText } from '#catalogue/content/json.ts'
import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import { violatedConstraint } from '#store/violated-constraint.ts'

const limits = { uid: 100, title: 255, description: 5000 }
const uidShape = /^[a-z][a-z0-9_]*$/

/** The kinds of items that have no content type. */
const reserved: readonly string[] = ['asset', 'folder']

export function faultsOfUid(uid: unknown): FieldFault[] {
  const refuse = (fault: FieldFault['fault'], detail: string): FieldFault[] => [
    { field: 'uid', fault, detail },
  ]
  if (uid === undefined || uid === '') return refuse('required', 'A content type has a uid.')
  if (typeof uid !== 'string' || !uidShape.test(uid))
    return refuse(
      'invalid',
      'A uid begins with a small letter and has small letters, digits and underscores.',
    )
  if (uid.length > limits.uid) return refuse('too_long', `A uid has at most ${limits.uid} characters.`)
  return reserved.includes(uid) ? refuse('invalid', `"${uid}" is no name for a content type.`) : []
}

export interface Described {
  title?: unknown
  description?: unknown
  options?: unknown
}

/** What is wrong with what a content type says of itself, of the parts that were given. */
export function faultsOfDescription({ title, description, options }: Described): FieldFault[] {
  const faults: FieldFault[] = []
  if (title !== undefined && (!isText(title) || title.trim() === ''))
    faults.push({ field: 'title', fault: 'required', detail: 'A content type has a title.' })
  else if (isText(title) && title.length > limits.title)
    faults.push({
      field: 'title',
      fault: 'too_long',
      detail: `A title has at most ${limits.title} characters.`,
    })
  if (description !== undefined && (!isText(description) || description.length > limits.description))
    faults.push({ field: 'description', fault: 'invalid', detail: 'A description is text, and not a book.' })
  if (options !== undefined && !isObject(options))
    faults.push({ field: 'options', fault: 'invalid', detail: 'Options are an object.' })
  return faults
}

/** A uid or title that another content type of the branch has, told by the constraint that it broke. */
export function asTakenName(error: unknown, { uid, title }: { uid: string; title?: string }): unknown {
  const violation = violatedConstraint(error)
  if (violation?.kind !== 'unique') return error
  return violation.constraint === 'content_type_title'
    ? invalidField('title', 'not_unique', `There is a content type "${title}" already.`)
    : invalidField('uid', 'not_unique', `There is a content type ${uid} already.`)
}

export function unknownType(uid: string): DomainError<'not_found'> {
  return new DomainError('not_found', { what: 'content type', id: uid })
}
