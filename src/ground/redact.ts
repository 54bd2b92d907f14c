/** Shorter ones would blacken half of what is said, and are no secrets. */
const shortest = 4

/** A function that blackens secrets in a line: each line of those that have several. */
export function redactor(secrets: Iterable<string>): (line: string) => string {
  const parts = [...secrets].flatMap((secret) => [secret, ...secret.split('\n')]).map((part) => part.trim())
  const known = [...new Set(parts)]
    .filter((part) => part.length >= shortest)
    // The longest first, or what begins like it would be left behind.
    .toSorted((a, b) => b.length - a.length)
  if (known.length === 0) return (line) => line
  const pattern = new RegExp(known.map((part) => RegExp.escape(part)).join('|'), 'g')
  return (line) => line.replace(pattern, '•••')
}
