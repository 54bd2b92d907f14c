import type { Db } from './database.ts'

/**
 * What projects of code have live in environments, one row each, with the `candidate` of the deployment that wrote it.
 * Where that one failed the commit is still that of `before`, which brought it there last.
 */
export function withLiveCandidate(db: Db) {
  return db
    .selectFrom('live')
    .leftJoin('deployment', 'deployment.id', 'live.deployment_id')
    .leftJoin('candidate', (join) =>
      join
        .onRef('candidate.revision_id', '=', 'deployment.revision_id')
        .onRef('candidate.commit_sha', '=', 'live.version'),
    )
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('deployment as brought')
          .innerJoin('candidate as was', 'was.revision_id', 'brought.revision_id')
          .select(['was.id as candidate_id', 'was.release_id', 'brought.id as deployment_id'])
          .where('candidate.id', 'is', null)
          .whereRef('brought.environment_id', '=', 'live.environment_id')
          .whereRef('was.commit_sha', '=', 'live.version')
          .where('brought.state', '=', 'succeeded')
          .where('brought.dry_run', '=', false)
          .orderBy('brought.id', 'desc')
          .limit(1)
          .as('before'),
      (join) => join.onTrue(),
    )
    .where('live.kind', '=', 'repository')
    .where('live.version', 'is not', null)
    .distinctOn('live.environment_id')
    .orderBy('live.environment_id')
    .orderBy('live.updated_at', 'desc')
}
