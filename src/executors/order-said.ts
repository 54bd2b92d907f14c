import { showId } from '#domain/ids.ts'
import type { Order, OrderCandidate } from './contract.ts'

/** What of an order everybody outside is told in the same words: what ships, by which plan, item by item. */
export function orderSaid({ release, revision, plan, changes, input, candidate }: Order) {
  return {
    release: release && { id: showId('release', release.id), name: release.name },
    ...(candidate ? { candidate: candidateSaid(candidate) } : {}),
    revision: revision && { number: revision.number, digest: revision.digest },
    plan: plan && { id: showId('plan', plan.id), digest: plan.digest },
    items: changes.map(({ key, kind, title, action, before, after }) => {
      return { key, kind, title, action, before, after }
    }),
    input,
  }
}

function candidateSaid({
  id,
  version,
  release_version,
  commit_sha,
  branch,
  repository,
  previous,
}: OrderCandidate) {
  return {
    id: showId('candidate', id),
    version,
    release: release_version,
    commit: commit_sha,
    branch,
    repository,
    previous: previous && { version: previous.version, commit: previous.commit_sha },
  }
}
