import { candidateDigest } from '#domain/revision.ts'
import type { PinnedItem } from '#domain/item.ts'
import { insertRevision } from '#store/revision.ts'
import type { Context, Unit } from '../context.ts'

interface Pinned {
  project_id: string
  release_id: string
  number: number
  /** `1.2.0-rc3`. */
  version: string
  /** Full id. */
  commit_sha: string
  /** As people know it: `acme/shop`. */
  repository: string
  created_by: string | null
}

/** The revision that a candidate is from the moment on at which it has a commit. Answers its id. */
export async function pinCandidateIn(
  ctx: Context,
  { tx }: Unit,
  { version, commit_sha, repository, ...row }: Pinned,
): Promise<string> {
  const item: PinnedItem = {
    ...{ key: repository, kind: 'repository', action: 'set' },
    ...{ version: commit_sha, title: version },
  }
  const id = ctx.newId()
  await insertRevision(tx, {
    ...row,
    id,
    digest: candidateDigest(version, [item]),
    scope: 'whole_state',
    items: [item],
    created_at: ctx.now(),
  })
  return id
}
