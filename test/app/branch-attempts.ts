import { createBranch } from '#app/content/create-branch.ts'
import { listBranchAliases } from '#app/content/get-branch-alias.ts'
import { removeBranchAlias } from '#app/content/remove-branch-alias.ts'
import { removeBranch } from '#app/content/remove-branch.ts'
import { setBranchAlias } from '#app/content/set-branch-alias.ts'
import { listProjectPeople } from '#app/projects/list-project-people.ts'
import { here, type Attempt } from './attempt.ts'

let count = 0
const fresh = () => `b${(count += 1)}`

/** What can be done to a project's branches, and who its people are. */
export const branchAttempts: Attempt[] = [
  here(
    'catalogue.edit',
    'make a branch',
    (ctx, { project_id }) => createBranch(ctx, { project_id, uid: fresh() }),
    { needs: ['catalogue.read'] },
  ),
  here(
    'branch.admin',
    'remove a branch',
    (ctx, { project_id }, uid) => removeBranch(ctx, { project_id, uid }),
    { prepare: async (ctx, { project_id }) => (await createBranch(ctx, { project_id, uid: fresh() })).uid },
  ),
  here('branch.admin', 'give a branch an alias', (ctx, { project_id }) =>
    setBranchAlias(ctx, { project_id, uid: 'alias', branch: 'main' }),
  ),
  here(
    'branch.admin',
    'remove an alias',
    (ctx, { project_id }, uid) => removeBranchAlias(ctx, { project_id, uid }),
    {
      prepare: async (ctx, { project_id }) =>
        (await setBranchAlias(ctx, { project_id, uid: fresh(), branch: 'main' })).uid,
    },
  ),
  here('catalogue.read', 'list aliases', (ctx, { project_id }) => listBranchAliases(ctx, { project_id })),
  here('project.read', 'list who works on it', (ctx, { project_id }) =>
    listProjectPeople(ctx, { project_id }),
  ),
]
