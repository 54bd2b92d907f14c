import { getCommit, listCommits } from '#app/catalogue/list-commits.ts'
import { fetchRepository } from '#app/repositories/fetch-repository.ts'
import { here, type Attempt } from './attempt.ts'
import { makeCode } from './candidate-attempts.ts'

const code = { prepare: makeCode }
const commit = 'abcdef0'

export const repositoryAttempts: readonly Attempt[] = [
  here(
    'catalogue.edit',
    'fetch a repository',
    (ctx, { project_id }) => fetchRepository(ctx, { project_id }),
    { ...code, needs: ['catalogue.read'] },
  ),
  here(
    'catalogue.read',
    'list commits',
    (ctx, { project_id }) => listCommits(ctx, { project_id, limit: 1 }),
    code,
  ),
  here(
    'catalogue.read',
    'read a commit',
    (ctx, { project_id }) => getCommit(ctx, { project_id, commit }),
    code,
  ),
]
