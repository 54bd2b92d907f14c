import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mirror } from '#ground/git/mirrors.ts'
import type { Conflict } from './mark-conflicts.ts'
import { pickCommit, type PickOrder } from './pick-commit.ts'

export interface PickedCommit {
  source: string
  outcome: 'picked' | 'empty' | 'conflicted'
  /** What it became; null where there was nothing new in it. */
  commit_sha: string | null
  conflicts: Conflict[]
}

/**
 * Picks one commit after the other. After one that is in conflict the others follow on top, so that whoever resolves
 * it sees all there is to resolve. `clean_sha`: as far as nothing is in conflict; `head_sha`: all of it.
 */
export async function pickCommits({
  sources,
  onto,
  ...order
}: Omit<PickOrder, 'source'> & { sources: readonly string[] }): Promise<{
  picks: PickedCommit[]
  clean_sha: string
  head_sha: string
}> {
  await markAtNine(order.mirror)
  const picks: PickedCommit[] = []
  let head = onto
  let clean = onto
  let clashed = false
  for (const source of sources) {
    const pick = await pickCommit({ ...order, onto: head, source })
    const commit_sha = pick.outcome === 'empty' ? null : pick.commit_sha
    const conflicts = pick.outcome === 'conflicted' ? pick.conflicts : []
    picks.push({ source, outcome: pick.outcome, commit_sha, conflicts })
    clashed ||= pick.outcome === 'conflicted'
    head = commit_sha ?? head
    if (!clashed) clean = head
  }
  return { picks, clean_sha: clean, head_sha: head }
}

const attributes = '* conflict-marker-size=9\n'

/** Nine characters, as clients know them. What the repository itself says of its files comes after this. */
async function markAtNine({ folder }: Mirror): Promise<void> {
  const file = join(folder, 'info', 'attributes')
  const there = await readFile(file, 'utf8').catch(() => '')
  if (there === attributes) return
  await mkdir(join(folder, 'info'), { recursive: true })
  // Picks may be made at the same time.
  const fresh = `${file}.${randomUUID()}`
  await writeFile(fresh, attributes)
  await rename(fresh, file)
}
