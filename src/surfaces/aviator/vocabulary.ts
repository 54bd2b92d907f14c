import type { OrderFacts, OrderVocabulary } from '#domain/order-vocabulary.ts'

/** The names of spec 4.1 and 4.2: what a build or a deployment is told of its release cut. */
export const vocabulary: OrderVocabulary = {
  variables(order) {
    const told = toldOf(order)
    if (!told) return {}
    return {
      ...(told.build ? { AVIATOR_RELEASE_CUT_ID: told.id } : { AVIATOR_DEPLOYMENT_ID: told.id }),
      AVIATOR_RELEASE_CANDIDATE_VERSION: told.version,
      AVIATOR_RELEASE_CUT_COMMIT_HASH: told.commit,
    }
  },
  inputs(order) {
    const told = toldOf(order)
    if (!told) return []
    const { build, id, version, commit } = told
    return [
      {
        ...(build ? { aviator_release_cut_id: id } : { aviator_deployment_id: id }),
        aviator_release_cut_commit_hash: commit,
        aviator_release_candidate_version: version,
      },
      { ...(build ? { release_cut_id: id } : { deployment_id: id }), commit_sha: commit, version },
    ]
  },
}

/** A build is known by its cut, a deployment by its own id. Other runs are told nothing. */
function toldOf({ kind, candidate, number }: OrderFacts) {
  if (!candidate?.commit_sha) return undefined
  const { version, commit_sha: commit } = candidate
  if (kind === 'build') return { build: true, id: String(candidate.ordinal), version, commit }
  if (kind !== 'deployment' || number === null) return undefined
  return { build: false, id: String(number), version, commit }
}
