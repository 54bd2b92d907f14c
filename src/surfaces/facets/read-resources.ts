import { invalidField } from '#domain/errors.ts'
import { isObject, type Body } from './read-body.ts'

/** A resource as use-cases name it. */
export interface ResourceName {
  type: string
  name: string
}

/** What a resource is of where it does not say (seed 001). */
const usualType = 'application'
const mostResources = 10_000

/**
 * The resources of a selective release: at least one, each with a name (section 3): nothing named would be everything to
 * Terraform. Throws `invalid`.
 */
export function resourcesIn(body: Body, field: string): ResourceName[] {
  const list = body[field]
  if (list === undefined || list === null) throw invalidField(field, 'required', 'is required')
  if (!Array.isArray(list)) throw invalidField(field, 'invalid', 'must be a list of resources')
  if (list.length === 0) throw invalidField(field, 'required', 'is empty: name at least one resource')
  if (list.length > mostResources) throw invalidField(field, 'too_many', `may have ${mostResources} entries`)
  return list.map((entry: unknown, index) => readResource(entry, `${field}[${index}]`))
}

function readResource(entry: unknown, place: string): ResourceName {
  if (!isObject(entry)) throw invalidField(place, 'invalid', 'must be an object with a resourceName')
  const { resourceName, resourceType } = entry
  if (typeof resourceName !== 'string' || resourceName.trim() === '')
    throw invalidField(`${place}.resourceName`, 'required', 'is required')
  const type = resourceType ?? usualType
  if (typeof type !== 'string' || type.trim() === '')
    throw invalidField(`${place}.resourceType`, 'invalid', 'must be a text')
  if (resourceName.length > 200 || type.length > 200)
    throw invalidField(place, 'too_long', 'may have 200 characters in each name')
  return { type, name: resourceName }
}
