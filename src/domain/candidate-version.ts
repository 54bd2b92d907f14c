/** A candidate's version in its two parts: `1.2.0-rc3` is candidate 3 of release `1.2.0`. */
export interface CandidateVersion {
  release: string
  number: number
}

/** The most that a candidate's number can be: it is an integer of the store. */
const mostNumber = 2_147_483_647
const mostLength = 200

/**
 * Reads `<release>-rc<number>`: the number from 1 on, without leading zeros, so that no candidate has two spellings.
 * Undefined where it is none, or where its release could not be part of a branch's name.
 */
export function readCandidateVersion(text: string): CandidateVersion | undefined {
  const [, release = '', digits = ''] = /^(.+)-rc([1-9][0-9]*)$/s.exec(text) ?? []
  const number = Number(digits)
  if (!isReleaseVersion(release) || number > mostNumber) return undefined
  return { release, number }
}

export function showCandidateVersion({ release, number }: CandidateVersion): string {
  return `${release}-rc${number}`
}

/** Characters that git allows in no name of a branch, and the slash, which would make it two. */
// oxlint-disable-next-line no-control-regex
const refused = /[\s\u0000-\u0020\u007f-\u009f~^:?*[\\/\u2028\u2029\ufeff]|\.\.|@\{/u

/** Whether a release of code can be called that: it becomes part of a branch's name (git-check-ref-format). */
export function isReleaseVersion(text: string): boolean {
  if (text === '' || text.length > mostLength || !text.isWellFormed() || refused.test(text)) return false
  return !text.startsWith('-') && !text.startsWith('.') && !text.endsWith('.') && !text.endsWith('.lock')
}
