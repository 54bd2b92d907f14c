/** A resource as the vendor names it (section 2.3). */
export interface NamedResource {
  resourceType: string
  resourceName: string
}

/** The key of an item is its type and its name; neither has a slash in it. */
export function resourceOf(item_key: string): NamedResource {
  const slash = item_key.indexOf('/')
  return { resourceType: item_key.slice(0, slash), resourceName: item_key.slice(slash + 1) }
}
