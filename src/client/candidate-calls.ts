import type { BuildRequest, Candidate, Cut } from '#api/candidate.ts'
import { projectPath, type Listed, type Paging, type Send } from './path.ts'

type CandidateSearch = Paging & { release?: string; state?: string; commit?: string }

/** Release candidates of code. */
export function candidateCalls(send: Send) {
  return {
    /** The same version of the same commit is the candidate that is there. */
    cut: (key: string, cut: Cut = {}) => send<Candidate>('POST', `${projectPath(key)}/cut`, cut),
    listCandidates: (key: string, page: CandidateSearch = {}) =>
      send<Listed<Candidate>>('GET', `${projectPath(key)}/candidates`, undefined, page),
    getCandidate: (id: string) => send<Candidate>('GET', `/candidates/${id}`),
    buildCandidate: (id: string, request: BuildRequest = {}) =>
      send<Candidate>('POST', `/candidates/${id}/build`, request),
  }
}
