import type { JsonObject } from '#catalogue/content/field.ts'

/** What a proxy may be asked to forget answers by. Header lines are best kept under what proxies take. */
const mostCharacters = 4096

/** What a list of assets is kept under, as one of entries is under their content type. */
export const assetType = 'sys_assets'

/** The key of one entry or asset in an environment, or of all lists of a content type: `<environment>/<uid>`. */
export function surrogateKey(environment_uid: string, uid: string): string {
  return `${environment_uid}/${uid}`
}

/**
 * The keys of an answer: its environment, every object in it and every one that it points at, be it live or not. A
 * list also has its content types', since something may come to it; and an answer with too many objects has theirs
 * instead. Whoever publishes an item has to purge the keys of its uid and of its content type.
 */
export function surrogateKeys(
  environment_uid: string,
  { uids, types, lists }: { uids: Iterable<string>; types: Iterable<string>; lists: Iterable<string> },
): string {
  const key = (uid: string) => surrogateKey(environment_uid, uid)
  const keys = [environment_uid, ...[...new Set([...lists, ...uids])].map(key)].join(' ')
  if (keys.length <= mostCharacters) return keys
  const coarse = [environment_uid, ...[...new Set([...lists, ...types])].map(key)].join(' ')
  return coarse.length <= mostCharacters ? coarse : environment_uid
}

/** Every uid that data points at, in references and files of any shape. */
export function uidsIn(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) uidsIn(one, into)
  else if (typeof value === 'object' && value !== null) {
    const { uid } = value as JsonObject
    if (typeof uid === 'string') into.add(uid)
    for (const one of Object.values(value)) if (typeof one === 'object') uidsIn(one, into)
  }
}
