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
  import: 'imp',
  repository: 'rpo',
  candidate: 'cnd',
  artifact: 'art',
  drift: 'drf',
  'ignored drift': 'ign',
  schedule: 'sch',
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

/** What every id given since then is at or after, and every older one before. */
export function firstIdSince(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
