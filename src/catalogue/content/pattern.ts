import type { Json } from './field.ts'
import { isText } from './json.ts'

const limits = { characters: 256, times: 100, expanded: 150, borders: 6 }

/**
 * Why a pattern is none that the store can be asked. What looks back or around is refused: it is what makes a pattern
 * slow, and the store runs it on every item. The rest is the common ground of JavaScript and PostgreSQL, which match
 * in time bounded by pattern and text.
 */
export function faultOfPattern(pattern: Json): string | undefined {
  if (!isText(pattern)) return 'A pattern is text.'
  if (pattern.length > limits.characters) return `A pattern has at most ${limits.characters} characters.`
  const escapes = [...pattern.matchAll(/\\(.)/gs)].map(([, letter = '']) => letter)
  if (escapes.some((letter) => /[0-9a-zA-Z]/.test(letter) && !'dDwWsSbBtnr'.includes(letter)))
    return 'A pattern knows no such escape, and does not refer back.'
  const bare = pattern.replaceAll(/\\./gs, '')
  if (/\(\?[^:]/.test(bare)) return 'A pattern does not look around.'
  // The two disagree about where a list that starts with its end is over.
  if (bare.startsWith('***') || /\[[.:=]|\[\^?\]/.test(bare))
    return 'A pattern is a plain regular expression.'
  try {
    new RegExp(pattern)
  } catch {
    return 'The pattern is no regular expression.'
  }
  const { times, expanded, borders, repeated } = repetitions(pattern)
  if (times > limits.times) return `A pattern repeats at most ${limits.times} times.`
  if (borders > limits.borders) return `A pattern has ^, $, \\b and \\B at most ${limits.borders} times.`
  if (repeated) return 'A pattern does not repeat groups that hold ^, $, \\b or \\B.'
  return expanded > limits.expanded
    ? `What a pattern repeats, in groups by a number, has at most ${limits.expanded} characters in all.`
    : undefined
}

/** The store writes the borders of words differently. */
export function inStoresWords(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, (escape, letter) =>
    letter === 'b' ? '\\y' : letter === 'B' ? '\\Y' : escape,
  )
}

const token = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?:)?|\)|\||[*+?]\??|\{(\d+)(?:,(\d*))?\}\??|./gsu

/** What stands between brackets, or in the whole pattern. */
interface Group {
  /** Characters once every counted repeat is written out. */
  size: number
  /** Those of it that stand in groups which are repeated by a number. */
  expanded: number
  /** How many borders stand in it (`^`, `$`, `\b`, `\B`): PostgreSQL takes for ever over many, or repeated ones. */
  borders: number
}

const nothing: Group = { size: 0, expanded: 0, borders: 0 }

/**
 * The highest number of a pattern that is a regular expression, how much its groups come to when the numbers are
 * written out, how many borders there are and whether one is repeated. PostgreSQL does write numbers out, and takes
 * time in the third power of what comes of it; `*`, `+` and `?` cost nothing.
 */
function repetitions(pattern: string) {
  const around: Group[] = []
  let before = nothing
  let last: Group & { grouped?: boolean } = nothing
  let times = 0
  let repeated = false
  const next = (part: typeof last) => {
    before = join(before, last)
    last = part
  }
  for (const [text, from, to] of pattern.matchAll(token)) {
    if (text.startsWith('(')) {
      next(nothing)
      around.push(before)
      before = nothing
    } else if (text === ')') {
      last = { ...join(before, last), grouped: true }
      before = around.pop() ?? nothing
    } else if (from !== undefined) {
      const most = Math.max(Number(from), Number(to ?? 0), 1)
      times = Math.max(times, most)
      repeated ||= last.borders > 0
      const size = last.size * most
      last = { ...last, size, expanded: last.grouped && most > 1 ? size : last.expanded }
    } else if (/^[*+]/.test(text)) repeated ||= last.borders > 0
    else if (!/^[?|]/.test(text)) next({ size: 1, expanded: 0, borders: /^([$^]|\\b)$/i.test(text) ? 1 : 0 })
  }
  const { expanded, borders } = join(before, last)
  return { times, expanded, borders, repeated }
}

function join(one: Group, other: Group): Group {
  return {
    size: one.size + other.size,
    expanded: one.expanded + other.expanded,
    borders: one.borders + other.borders,
  }
}
