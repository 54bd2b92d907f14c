import type { PickedCommit } from '#catalogue/code/pick/pick-commits.ts'
import type { PickOrder } from './read-pick-order.ts'

/** What came of it, and of a conflict what is to be done by hand, for the log. */
export function describePick(
  { onto, branch, conflict_branch, push }: PickOrder,
  { picks, head_sha }: { picks: readonly PickedCommit[]; head_sha: string },
): string[] {
  const lines = picks.flatMap(({ source, outcome, commit_sha, conflicts }) => [
    outcome === 'empty' ? `${source} is in ${onto} already` : `${source} ${outcome} as ${commit_sha}`,
    ...conflicts.map(({ path, kind, marked }) => `  ${path}: ${kind}${marked ? '' : ', without markers'}`),
  ])
  if (!picks.some(({ outcome }) => outcome === 'conflicted')) return lines
  const where = push
    ? [`git fetch origin && git switch ${conflict_branch}`]
    : [`git switch -c ${conflict_branch} ${head_sha}`]
  return [
    ...lines,
    'To resolve it:',
    ...where,
    'edit the files, git add them, git commit, git push',
    `merge it into ${branch} if you like to review it first; then accept the resolution`,
  ]
}
