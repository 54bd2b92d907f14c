import type { Committer } from '#catalogue/code/pick/write-commit.ts'
import type { Order } from '#executors/contract.ts'

/** What is to be picked onto what, as the run was asked (`PickInput`, `src/app/picks`). All ids are full. */
export interface PickOrder {
  candidate_id: string
  repository_id: string
  onto: string
  /** What others have too, and `onto` stands on. */
  anchor: string
  sources: string[]
  pull_request: { number: number } | undefined
  branch: string
  conflict_branch: string
  push: boolean
  committer: Committer
}

const isSha = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value)

/** Undefined where it is none that we wrote. */
export function readPickOrder({ input, candidate }: Order): PickOrder | undefined {
  const { repository_id, onto, anchor, sources, branch, conflict_branch, push, committer } = input as Record<
    string,
    unknown
  >
  if (!candidate || typeof repository_id !== 'string' || !isSha(onto) || !isSha(anchor)) return undefined
  if (!Array.isArray(sources) || typeof branch !== 'string' || typeof conflict_branch !== 'string')
    return undefined
  const { name, email, at } = (committer ?? {}) as Record<string, unknown>
  const shas = sources.map((one: { sha?: unknown }) => one.sha)
  if (typeof name !== 'string' || typeof email !== 'string' || typeof at !== 'string' || !shas.every(isSha))
    return undefined
  return {
    ...{ candidate_id: candidate.id, repository_id, onto, anchor, sources: shas, branch, conflict_branch },
    pull_request: commonOf(sources as { pull_request?: unknown }[]),
    push: push === true,
    committer: { name, email, at: new Date(at) },
  }
}

/** The pull request that all of them belong to. */
function commonOf([first, ...rest]: readonly { pull_request?: unknown }[]): PickOrder['pull_request'] {
  const number = first?.pull_request
  return typeof number === 'number' && rest.every((one) => one.pull_request === number)
    ? { number }
    : undefined
}
