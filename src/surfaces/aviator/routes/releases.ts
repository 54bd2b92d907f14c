import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { listCodeSettings } from '#app/projects/list-code-settings.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { releases } from '../endpoints/releases.ts'
import { findProject } from '../find-place.ts'
import { flagIn, readVersion } from '../read-fields.ts'
import type { Call, Routes } from '../route.ts'
import { writeCandidate } from '../translate/candidate.ts'
import { CandidateAnswer, NewRelease } from '../wire.ts'

export const releaseRoutes: Routes<typeof releases> = {
  // What is wrong is said in this order: version, project, repository, commit (section 2.9, no. 2).
  create: {
    body: NewRelease,
    answer: CandidateAnswer,
    status: 201,
    async handle(call) {
      const { ctx, params, body } = call
      const version = readVersion(params.version)
      const project_id = await findProject(call)
      const repo = await repositoryOf(call, project_id)
      const { commit } = body
      if (typeof commit !== 'string') throw invalidField('commit', 'required', 'is required')
      const build = flagIn(body, 'trigger_build_workflow')
      const { candidate } = await cutCandidate(ctx, { project_id, version, commit, build })
      return writeCandidate(candidate, repo)
    },
  },
}

/** As GitHub takes names, in any case. Throws `not_found` where the body names another one than the project's. */
async function repositoryOf({ ctx, body: { repo } }: Call, project_id: string): Promise<string> {
  const [settings] = await listCodeSettings(ctx, [project_id])
  const name = settings?.repository_name
  if (typeof repo === 'string' && name?.toLowerCase() === repo.trim().toLowerCase()) return name
  throw new DomainError('not_found', { what: 'repository', id: typeof repo === 'string' ? repo : '' })
}
