import type { JsonObject } from '#store/columns.ts'

/** What the run of a pick is asked with. Its executor reads it (`src/executors/pick`). */
export interface PickInput {
  repository_id: string
  /** Full id of what is picked on. */
  onto: string
  /** Full id of what others have too, on which `onto` stands. */
  anchor: string
  sources: { sha: string; pull_request: number | null }[]
  branch: string
  conflict_branch: string
  push: boolean
  /** `at` in ISO 8601: the same each time, so that the same pick is the same commit. */
  committer: { name: string; email: string; at: string }
}

/** What the executor answers. */
export interface PickResult {
  outcome: 'picked' | 'conflicted' | 'empty'
  /** Of a conflict the commit that holds both sides; null where nothing was to be picked. */
  commit_sha: string | null
  picks: {
    source_sha: string
    outcome: 'picked' | 'conflicted' | 'empty'
    commit_sha: string | null
    conflicts: PickConflict[]
  }[]
  bundle_digest: string | null
  /** Its own branch, where the remote has it. */
  branch: string | null
  push_failure: string | null
}

export interface PickConflict {
  path: string
  kind: string
  marked: boolean
}

/** As it is kept with the run. */
export function showInput(input: PickInput): JsonObject {
  return { ...input, committer: { ...input.committer }, sources: input.sources.map((one) => ({ ...one })) }
}

/** What an executor answered; undefined where it did not say how it went. */
export function readResult(result: JsonObject | undefined): PickResult | undefined {
  return result && 'outcome' in result && 'picks' in result ? (result as unknown as PickResult) : undefined
}

/** What a run was asked with; undefined where it was no pick. */
export function readInput(input: JsonObject): PickInput | undefined {
  return 'sources' in input && 'onto' in input ? (input as unknown as PickInput) : undefined
}
