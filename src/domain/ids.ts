/**
 * Ids are UUIDv7. Shown to people and on the native wire they carry a prefix that says what they name:
 * `rel_` and the 32 hexadecimal digits, so that an id found in a log can be looked up as it is.
 */
const prefixes = {
  project: 'prj',
  environment: 'env',
  release: 'rel',
  revision: 'rev',
  plan: 'pln',
  deployment: 'dep',
  request: 'req',
  run: 'run',
  user: 'usr',
  token: 'tok',
  event: 'evt',
  webhook: 'whk',
  delivery: 'dlv',
  freeze: 'frz',
  hold: 'hld',
} as const

export type Noun = keyof typeof prefixes

/** `rel_0192…` for a release's uuid. */
export function showId(noun: Noun, id: string): string {
  return `${prefixes[noun]}_${id.replaceAll('-', '')}`
}

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/

/** The uuid behind a shown id, or undefined when it is none of this noun. A bare uuid is taken too. */
export function readId(noun: Noun, shown: string): string | undefined {
  const prefix = `${prefixes[noun]}_`
  const bare = shown.startsWith(prefix) ? shown.slice(prefix.length) : shown
  if (!uuid.test(bare)) return undefined
  const hex = bare.replaceAll('-', '')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
