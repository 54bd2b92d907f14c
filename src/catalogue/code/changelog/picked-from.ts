const trailer = /^\(cherry picked from commit ([0-9a-f]{40})\)[ \t\r]*$/gm
const reverted = /^This reverts commit ([0-9a-f]{40})\b/m

/** The commits that this one says it was picked from (`git cherry-pick -x`), the first of a chain first. */
export function pickedFrom(message: string): string[] {
  // Most have none, and looking for the words is much quicker.
  if (!message.includes('(cherry picked from commit ')) return []
  return [...message.matchAll(trailer)].map(([, sha]) => sha!)
}

/** The commit that this one says it reverts. */
export function revertOf(message: string): string | null {
  if (!message.includes('This reverts commit ')) return null
  return reverted.exec(message)?.[1] ?? null
}
