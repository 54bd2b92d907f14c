import type { Candidate } from '#api/candidate.ts'
import type {
  Acceptance,
  CandidateChange,
  Pick,
  PickAnswer,
  PickPreview,
  PickQuery,
  PickRequest,
} from '#api/pick.ts'
import { projectPath, type Listed, type Send } from './path.ts'

/** Picks into candidates of code, and what becomes of their conflicts. */
export function pickCalls(send: Send) {
  return {
    pick: (key: string, request: PickRequest) =>
      send<PickAnswer>('POST', `${projectPath(key)}/pick`, request),
    previewPick: (key: string, asked: PickQuery) =>
      send<PickPreview>('GET', `${projectPath(key)}/pick`, undefined, asked),
    listPicks: (id: string) => send<Listed<Pick>>('GET', `/candidates/${id}/picks`),
    acceptResolution: (id: string, request: Acceptance = {}) =>
      send<Candidate>('POST', `/candidates/${id}/accept`, request),
    dropCandidate: (id: string, request: CandidateChange = {}) =>
      send<Candidate>('POST', `/candidates/${id}/drop`, request),
    pickAgain: (id: string, request: CandidateChange = {}) =>
      send<Candidate>('POST', `/candidates/${id}/pick-again`, request),
  }
}
