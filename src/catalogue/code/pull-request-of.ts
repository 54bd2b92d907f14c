/** A pull request as the history of a branch tells of it. */
export interface PullRequest {
  number: number
  title: string
}

/** How merges name what they merge: GitHub's, whose title follows, and Bitbucket's and Azure's. */
const merges = [
  /^Merge pull request #([1-9][0-9]{0,9})\b/,
  /^Merged in .{1,500} \(pull request #([1-9][0-9]{0,9})\)$/,
  /^Pull request #([1-9][0-9]{0,9}): (.+)$/,
  /^Merged PR ([1-9][0-9]{0,9}): (.+)$/,
  // What we pick.
  /^Cherry-pick PR #([1-9][0-9]{0,9}): (.*)$/,
]

/** A subject as it was before it was picked. */
export function unpicked(subject: string): string {
  return subject.replace(/^(?:Cherry-pick PR #[1-9][0-9]{0,9}: )+/, '')
}

const squashed = /^(.*)\(#([1-9][0-9]{0,9})\)$/
/** GitLab's, at the end of the message. */
const mergeRequest = /^See merge request [^\s!]{0,500}!([1-9][0-9]{0,9})$/

/**
 * The pull request that a commit brought in, by its message: merge commits and squashed ones, and what was picked of
 * one by us. Undefined where the message names none.
 */
export function pullRequestOf(message: string): PullRequest | undefined {
  const [subject = '', ...rest] = message.trimStart().split(/\r?\n/)
  const line = subject.slice(0, mostOfLine).trim()
  const title = () =>
    rest
      .find((text) => text.trim() !== '')
      ?.slice(0, mostOfLine)
      .trim() ?? line
  for (const pattern of merges) {
    const [, digits, said] = pattern.exec(line) ?? []
    if (digits) return named(digits, said ?? title())
  }
  const [, before, digits] = squashed.exec(line) ?? []
  if (digits) return named(digits, before!)
  if (!message.includes('See merge request ')) return undefined
  for (const one of rest) {
    const [, found] = mergeRequest.exec(one.slice(0, mostOfLine).trim()) ?? []
    if (found) return named(found, line.startsWith('Merge branch ') ? title() : line)
  }
  return undefined
}

const mostOfLine = 1000
/** What an integer of the store and of everybody's wire holds. */
const mostNumber = 2_147_483_647

function named(digits: string, title: string): PullRequest | undefined {
  const number = Number(digits)
  if (number > mostNumber) return undefined
  // A squashed merge that was picked says its number twice.
  const end = `(#${number})`
  const bare = unpicked(title).trim()
  return { number, title: bare.endsWith(end) ? bare.slice(0, -end.length).trimEnd() : bare }
}
