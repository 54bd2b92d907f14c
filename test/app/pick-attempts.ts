import { acceptResolution } from '#app/picks/accept-resolution.ts'
import { dropCandidate } from '#app/picks/drop-candidate.ts'
import { listPicksOfCandidate } from '#app/picks/list-picks.ts'
import { pickAgain } from '#app/picks/pick-again.ts'
import { previewPick } from '#app/picks/preview-pick.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { here, type Attempt } from './attempt.ts'
import { makeCandidate } from './candidate-attempts.ts'

const candidate = { prepare: makeCandidate }
const asked = { commit: 'abcdef1', base: '1.0.0-rc1' }

export const pickAttempts: readonly Attempt[] = [
  here(
    'release.edit',
    'pick',
    (ctx, { project_id }) => requestPick(ctx, { project_id, ...asked }),
    candidate,
  ),
  here(
    'release.read',
    'see what could be picked into',
    (ctx, { project_id }) => previewPick(ctx, { project_id, ...asked }),
    { ...candidate, needs: ['catalogue.read'] },
  ),
  here(
    'release.read',
    'read the picks of a candidate',
    (ctx, _world, candidate_id) => listPicksOfCandidate(ctx, { candidate_id }),
    candidate,
  ),
  here(
    'release.edit',
    'accept a resolution',
    (ctx, _world, candidate_id) => acceptResolution(ctx, { candidate_id }),
    candidate,
  ),
  here(
    'release.edit',
    'drop a candidate',
    (ctx, _world, candidate_id) => dropCandidate(ctx, { candidate_id }),
    candidate,
  ),
  here(
    'release.edit',
    'pick again',
    (ctx, _world, candidate_id) => pickAgain(ctx, { candidate_id }),
    candidate,
  ),
]
