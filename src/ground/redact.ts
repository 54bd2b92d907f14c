/** Shorter ones would blacken half of what is said, and are no secrets. */
const shortest = 4
const black = '•••'

/**
 * A function that blackens secrets in a line: each line of those that have several, also as they stand inside JSON, in an
 * address, or in base64. However many there are and however long, it takes about as long as the line is.
 */
export function redactor(secrets: Iterable<string>): (line: string) => string {
  const known = new Set<string>()
  for (const secret of secrets)
    for (const part of new Set([secret, ...secret.split('\n')]))
      for (const form of formsOf(part.trim())) if (form.length >= shortest) known.add(form)
  if (known.size === 0) return (line) => line
  const index = indexOf(known)
  return (line) => blacken(line, index)
}

/** As others write it. JSON is written in two ways: Terraform's, as all of Go's, also escapes what HTML would read. */
function formsOf(part: string): string[] {
  if (part.length < shortest) return []
  const json = JSON.stringify(part).slice(1, -1)
  const html = json.replaceAll(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  const base64 = Buffer.from(part, 'utf8').toString('base64').replace(/=+$/, '')
  return [part, json, html, encodeURIComponent(part.toWellFormed()), base64]
}

interface Index {
  /** Which pairs of signs one begins with, by a number of 16 bits: of most pairs in a line none does. */
  pairs: Uint8Array
  /** By their first signs, the longest first, or what begins like it would be left behind. */
  byStart: ReadonlyMap<string, readonly string[]>
}

/** A regular expression of all of them would take seconds to compile, and megabytes are refused. */
function indexOf(known: ReadonlySet<string>): Index {
  const pairs = new Uint8Array(1 << 16)
  const byStart = Map.groupBy(known, (form) => form.slice(0, shortest))
  for (const [start, forms] of byStart) {
    pairs[pairAt(start, 0)] = 1
    forms.sort((a, b) => b.length - a.length)
  }
  return { pairs, byStart }
}

function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 31 + text.charCodeAt(at + 1)) & 0xffff
}

function blacken(line: string, { pairs, byStart }: Index): string {
  let done = ''
  let from = 0
  for (let at = 0; at + shortest <= line.length;) {
    const forms = pairs[pairAt(line, at)] === 1 ? byStart.get(line.slice(at, at + shortest)) : undefined
    const found = forms?.find((form) => line.startsWith(form, at))
    if (found === undefined) at += 1
    else {
      done += line.slice(from, at) + black
      at += found.length
      from = at
    }
  }
  return from === 0 ? line : done + line.slice(from)
}
