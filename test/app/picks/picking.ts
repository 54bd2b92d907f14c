import assert from 'node:assert/strict'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { listPicksOfCandidates } from '#app/picks/list-picks.ts'
import { requestPick, type PickRequest } from '#app/picks/request-pick.ts'
import type { CodeHouse, Shop } from '../../code-house.ts'

type Asked = Omit<PickRequest, 'project_id'>

/** Asks for a pick as the releaser, and waits for what becomes of it: each candidate, or how the base has it already. */
export async function pickInto(house: CodeHouse, shop: Shop, request: Asked) {
  const answers = await requestPick(house.as.releaser, { project_id: shop.project.id, ...request })
  const settled: (CandidateView | (typeof answers)[number]['included'])[] = []
  for (const { candidate, included } of answers)
    settled.push(candidate ? await house.settled(candidate.id) : included)
  return settled
}

/** The same of one base, which has to become a candidate. */
export async function pickOne(house: CodeHouse, shop: Shop, request: Asked): Promise<CandidateView> {
  const [candidate] = await pickInto(house, shop, request)
  assert.ok(candidate && typeof candidate === 'object', `it has it already: ${JSON.stringify(candidate)}`)
  return candidate
}

/** What is in a candidate: commit, outcome, what it became. */
export async function picksOf(house: CodeHouse, { id }: Pick<CandidateView, 'id'>) {
  const rows = await listPicksOfCandidates(house.ctx, [id])
  return rows.map(({ source_sha, outcome, commit_sha }) => [source_sha, outcome, commit_sha])
}

/** A file at a commit, as the mirror of the shop has it. */
export async function fileAt(house: CodeHouse, shop: Shop, commit: string, path: string): Promise<string> {
  const mirror = await house.house.mirrors.open({ id: shop.repository_id, url: shop.repository.url })
  const { code, stdout, stderr } = await mirror.git(['cat-file', 'blob', `${commit}:${path}`])
  assert.equal(code, 0, stderr)
  return stdout
}
