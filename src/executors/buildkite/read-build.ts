/** What we read of a build; the rest is left where it is. */
export interface Build {
  id: string
  number: number
  /** One of `buildStates`, or a word that came later. */
  state: string
  /** It waits until somebody unblocks it. Its state is then what it was before: `passed`, as often as not. */
  blocked: boolean
  web_url: string
  cancel_reason: string | null
}

/** How a build stands: it goes on, or it has ended well, badly, by being stopped, or without having run. */
export type Standing = 'going_on' | 'passed' | 'failed' | 'canceled' | 'not_run'

const standings: Readonly<Record<string, Standing>> = {
  creating: 'going_on',
  scheduled: 'going_on',
  waiting: 'going_on',
  running: 'going_on',
  failing: 'going_on',
  blocked: 'going_on',
  canceling: 'going_on',
  passed: 'passed',
  failed: 'failed',
  waiting_failed: 'failed',
  canceled: 'canceled',
  skipped: 'not_run',
  not_run: 'not_run',
}

/** A word that nobody knows yet is no end: what it means will be seen, or its time will be over. */
export function standingOf({ state, blocked }: Build): Standing {
  if (blocked && state === 'passed') return 'going_on'
  return standings[state] ?? 'going_on'
}

/** Undefined where the text is no build. */
export function readBuild(text: string): Build | undefined {
  return buildOf(parse(text))
}

/** The one in a list of builds that was given this meta-data; null where none was; undefined where it is no such list. */
export function readGivenBuild(text: string, key: string, value: string): Build | null | undefined {
  const said = parse(text)
  if (!Array.isArray(said)) return undefined
  const found: unknown = said.find((one) => textIn(fieldIn(one, 'meta_data'), key) === value)
  return found === undefined ? null : buildOf(found)
}

/** A text of an object, by its key. */
export function readText(text: string, key: string): string | undefined {
  return textIn(parse(text), key)
}

function textIn(said: unknown, key: string): string | undefined {
  const found = fieldIn(said, key)
  return typeof found === 'string' ? found : undefined
}

function fieldIn(said: unknown, key: string): unknown {
  return said !== null && typeof said === 'object' ? (said as Record<string, unknown>)[key] : undefined
}

function buildOf(said: unknown): Build | undefined {
  if (said === null || typeof said !== 'object') return undefined
  const { id, number, state, blocked, web_url, cancel_reason } = said as Record<string, unknown>
  if (typeof id !== 'string' || id === '' || typeof state !== 'string') return undefined
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return undefined
  return {
    id,
    number,
    state,
    blocked: blocked === true,
    web_url: typeof web_url === 'string' ? web_url : '',
    cancel_reason: typeof cancel_reason === 'string' ? cancel_reason : null,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
