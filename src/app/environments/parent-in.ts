import { DomainError, invalidField } from '#domain/errors.ts'

interface Placed {
  id: string
  name: string
  parent_id: string | null
}

/**
 * The id of an environment's parent, found by name among the project's. Throws `not_found`, and `invalid` where the
 * order would run in a circle.
 */
export function parentIn(
  all: readonly Placed[],
  { name, parent }: { name: string; parent: string | null },
): string | null {
  if (parent === null) return null
  const found = all.find((one) => one.name === parent)
  if (!found) throw new DomainError('not_found', { what: 'environment', id: parent })
  for (let above: Placed | undefined = found; above; above = parentOf(all, above)) {
    if (above.name === name)
      throw invalidField('parent', 'invalid', 'would make the environments run in a circle')
  }
  return found.id
}

function parentOf(all: readonly Placed[], { parent_id }: Placed): Placed | undefined {
  return all.find(({ id }) => id === parent_id)
}
