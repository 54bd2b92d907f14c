import { showId } from '#domain/ids.ts'
import type { Order, OrderCandidate } from './contract.ts'

/** The facts of an order as variables of an environment, under our own names. */
export function orderVariables(order: Order): Record<string, string> {
  const { kind, subject_id, project, environment, release, revision, attempt, candidate } = order
  return {
    ...(kind === 'deployment'
      ? { HEADGATE_DEPLOYMENT_ID: showId('deployment', subject_id) }
      : { HEADGATE_RUN_ID: showId('run', subject_id), HEADGATE_RUN_KIND: kind }),
    ...(kind === 'check' ? { HEADGATE_CHECK: '1' } : {}),
    HEADGATE_ATTEMPT: String(attempt),
    HEADGATE_PROJECT: project.key,
    ...(environment ? { HEADGATE_ENVIRONMENT: environment.name } : {}),
    ...(release
      ? { HEADGATE_RELEASE: release.name, HEADGATE_RELEASE_ID: showId('release', release.id) }
      : {}),
    ...(revision
      ? { HEADGATE_REVISION: String(revision.number), HEADGATE_REVISION_DIGEST: revision.digest }
      : {}),
    ...(candidate ? variablesOf(candidate) : {}),
  }
}

function variablesOf({ version, release_version, commit_sha, repository, branch, previous }: OrderCandidate) {
  return {
    HEADGATE_CANDIDATE: version,
    HEADGATE_RELEASE: release_version,
    HEADGATE_REPOSITORY: repository,
    ...(commit_sha === null ? {} : { HEADGATE_COMMIT: commit_sha }),
    ...(branch === null ? {} : { HEADGATE_BRANCH: branch }),
    ...(previous ? { HEADGATE_PREVIOUS_COMMIT: previous.commit_sha } : {}),
    ...(previous?.version ? { HEADGATE_PREVIOUS_CANDIDATE: previous.version } : {}),
  }
}
