import type { Condition } from '#catalogue/content/condition.ts'
import { resolveExternals } from '#app/external-ids/resolve-external.ts'
import { surface } from './ids.ts'
import { filter, flag, order, page, text, texts, type Query } from './query.ts'
import type { StackCall } from './route.ts'
import { peopleIn, readOrder, readQuery, type Fields } from './translate/condition.ts'

/** What a list of entries or assets was asked for: page, count, query and order (section 1.8). */
export async function readList({ house, query }: StackCall, fields: Fields, asked = filter(query)) {
  const people = await resolveExternals(house, surface, 'user', peopleIn(asked))
  const where = readSearch(
    query,
    readQuery(asked, fields, (uid) => people.get(String(uid)) ?? nobody),
  )
  const counts = flag(query, 'count')
  const { limit, offset } = page(query)
  return {
    counts,
    input: {
      ...(where ? { where } : {}),
      order: readOrder(order(query), fields),
      limit: counts ? 0 : limit,
      offset,
      with_total: counts || flag(query, 'include_count'),
    },
  }
}

/** What the list is asked beside its query: tags, text in any field, and what was made before or after something. */
function readSearch(query: Query, where: Condition | undefined): Condition | undefined {
  const all = where ? [where] : []
  const typeahead = text(query, 'typeahead')
  if (typeahead !== undefined) all.push({ says: typeahead })
  // As the vendor's reader sends them, or with commas, as others do: it has them all.
  for (const tag of texts(query, 'tags').flatMap((tags) => tags.split(',')))
    all.push({ field: 'tags', is: 'equal', value: tag })
  const after = text(query, 'after_uid')
  if (after !== undefined) all.push({ made: 'after', uid: after })
  const before = text(query, 'before_uid')
  if (before !== undefined) all.push({ made: 'before', uid: before })
  return all.length > 0 ? { all } : undefined
}

/** Who is never an author. */
const nobody = '00000000-0000-0000-0000-000000000000'
