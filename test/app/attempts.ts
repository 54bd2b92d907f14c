import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeBackup } from '#app/backup/make-backup.ts'
import { approveDeployment } from '#app/approvals/approve-deployment.ts'
import { rejectDeployment } from '#app/approvals/reject-deployment.ts'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import { createContentType } from '#app/content/create-content-type.ts'
import { getContentType } from '#app/content/get-content-type.ts'
import type { Context } from '#app/context.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { explainGates } from '#app/deployments/explain-gates.ts'
import { listDeployments } from '#app/deployments/get-deployment.ts'
import { requestDeployments } from '#app/deployments/request-deployments.ts'
import { requestOneShot } from '#app/deployments/request-one-shot.ts'
import { requestRollback } from '#app/deployments/request-rollback.ts'
import { createEnvironment } from '#app/environments/create-environment.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { listEvents } from '#app/events/list-events.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { listFreezes } from '#app/freezes/list-freezes.ts'
import { setFreeze } from '#app/freezes/set-freeze.ts'
import { getHold } from '#app/holds/get-hold.ts'
import { releaseHold } from '#app/holds/release-hold.ts'
import { createToken } from '#app/identity/create-token.ts'
import { createPreviewSecret } from '#app/identity/preview-secret.ts'
import { createUser } from '#app/identity/create-user.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { listUsers } from '#app/identity/list-users.ts'
import { overrideGates } from '#app/overrides/override-gates.ts'
import { listLive } from '#app/live/list-live.ts'
import { createProject } from '#app/projects/create-project.ts'
import { getProject } from '#app/projects/get-project.ts'
import { updateProject } from '#app/projects/update-project.ts'
import { addReleaseItems } from '#app/releases/add-release-items.ts'
import { cloneRelease } from '#app/releases/clone-release.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { getRelease } from '#app/releases/get-release.ts'
import { listReleaseItems } from '#app/releases/list-release-items.ts'
import { listReleases } from '#app/releases/list-releases.ts'
import { listRevisions } from '#app/releases/list-revisions.ts'
import { locateRelease } from '#app/releases/locate-release.ts'
import { refreshReleaseItems } from '#app/releases/refresh-release-items.ts'
import { removeReleaseItems } from '#app/releases/remove-release-items.ts'
import { removeRelease } from '#app/releases/remove-release.ts'
import { updateRelease } from '#app/releases/update-release.ts'
import { everywhere, here, type Attempt } from './attempt.ts'
import { branchAttempts } from './branch-attempts.ts'
import { codeAttempts } from './code-attempts.ts'
import { bulkAttempts } from './bulk-attempts.ts'
import { infraAttempts } from './infra-attempts.ts'
import { importAttempts } from './import-attempts.ts'
import { planAttempts } from './plan-attempts.ts'
import { releaseAttempts } from './release-attempts.ts'
import { runAttempts } from './run-attempts.ts'
import { webhookAttempts } from './webhook-attempts.ts'
import { makeDeployment, makeRelease, type World } from './world.ts'

const item = { key: 'main/blt1/en-us', action: 'publish' as const }
const ownRelease = { prepare: (ctx: Context, { project_id }: World) => makeRelease(ctx, project_id) }
const lockedRelease = { prepare: (ctx: Context, { project_id }: World) => makeRelease(ctx, project_id, true) }

let count = 0
const fresh = () => `n${(count += 1)}`

const reading: Attempt[] = [
  here('project.read', 'read a project', (ctx, { project_id }) => getProject(ctx, { project_id })),
  here('project.read', 'list its environments', async (ctx, { project_id }) =>
    listEnvironments(ctx, { project_id }),
  ),
  here('catalogue.read', 'read a content type', (ctx, { project_id }) =>
    getContentType(ctx, { project_id, branch: 'main', uid: 'page' }),
  ),
  here('release.read', 'read a release', (ctx, world) => getRelease(ctx, world)),
  here('release.read', 'find a release', (ctx, world) => locateRelease(ctx, world)),
  here('release.read', 'list releases', (ctx, { project_id }) =>
    listReleases(ctx, { project_id, order: 'newest', limit: 1 }),
  ),
  here('release.read', 'list items', (ctx, { project_id, release_id }) =>
    listReleaseItems(ctx, { project_id, release_id }),
  ),
  here('release.read', 'list revisions', (ctx, { project_id, release_id }) =>
    listRevisions(ctx, { project_id, release_id, limit: 1 }),
  ),
  here('deployment.read', 'list deployments', (ctx, { project_id }) =>
    listDeployments(ctx, { project_id, limit: 1 }),
  ),
  here('deployment.read', 'ask why', (ctx, world) => explainGates(ctx, world)),
  here('live.read', 'list what is live', (ctx, { environment_id }) =>
    listLive(ctx, { environment_id, limit: 1 }),
  ),
  here('event.read', 'list a project’s events', (ctx, { project_id }) =>
    listEvents(ctx, { project_id, limit: 1 }),
  ),
]

const editing: Attempt[] = [
  here('catalogue.edit', 'make a content type', (ctx, { project_id }) =>
    createContentType(ctx, { project_id, branch: 'main', uid: fresh(), title: fresh(), fields: [] }),
  ),
  here('release.edit', 'make a release', (ctx, { project_id }) =>
    createRelease(ctx, { project_id, branch: 'main', name: 'x' }),
  ),
  here('release.edit', 'rename a release', (ctx, { project_id, release_id }) =>
    updateRelease(ctx, { project_id, release_id, name: fresh() }),
  ),
  here('release.edit', 'add items', (ctx, { project_id, release_id }) =>
    addReleaseItems(ctx, { project_id, release_id, items: [item] }),
  ),
  here('release.edit', 'take items out', (ctx, { project_id, release_id }) =>
    removeReleaseItems(ctx, { project_id, release_id, keys: ['none'] }),
  ),
  here('release.edit', 'refresh items', (ctx, { project_id, release_id }) =>
    refreshReleaseItems(ctx, { project_id, release_id }),
  ),
  here(
    'release.edit',
    'remove a release',
    (ctx, { project_id }, release_id) => removeRelease(ctx, { project_id, release_id }),
    ownRelease,
  ),
  here(
    'release.lock',
    'lock a release',
    (ctx, { project_id }, release_id) => updateRelease(ctx, { project_id, release_id, locked: true }),
    ownRelease,
  ),
  here(
    'release.unlock',
    'unlock a release',
    (ctx, { project_id }, release_id) => updateRelease(ctx, { project_id, release_id, locked: false }),
    lockedRelease,
  ),
  here('release.clone', 'clone a release', (ctx, { project_id, release_id }) =>
    cloneRelease(ctx, { project_id, release_id, name: 'x' }),
  ),
]

const deploying: Attempt[] = [
  here('deployment.request', 'deploy a release', (ctx, { project_id, release_id, environment_id }) =>
    requestDeployments(ctx, { project_id, release_id, environment_ids: [environment_id] }),
  ),
  here('deployment.request', 'publish an item', (ctx, { project_id, environment_id }) =>
    requestOneShot(ctx, { project_id, branch: 'main', environment_ids: [environment_id], items: [item] }),
  ),
  here('deployment.roll_back', 'roll back', (ctx, { environment_id }) =>
    requestRollback(ctx, { environment_id }),
  ),
  here(
    'deployment.cancel_own',
    'cancel one’s own deployment',
    (ctx, _world, deployment_id) => cancelDeployment(ctx, { deployment_id }),
    {
      or: 'deployment.cancel_any',
      prepare: (ctx, world, { user_id }) => makeDeployment(ctx, world, user_id),
    },
  ),
  here(
    'deployment.cancel_any',
    'cancel another’s deployment',
    (ctx, _world, deployment_id) => cancelDeployment(ctx, { deployment_id }),
    {
      prepare: (ctx, world) => makeDeployment(ctx, world, null),
    },
  ),
]

const none = `sha256:${'0'.repeat(64)}`
const stopped = {
  prepare: async (ctx: Context, { project_id, environment_id }: World) =>
    (await setFreeze(ctx, { project_id, environment_id, reason: 'fire' })).id,
}
const waiting = { prepare: (ctx: Context, world: World) => makeDeployment(ctx, world, null) }

const governing: Attempt[] = [
  here('project.read', 'list freezes', (ctx, { project_id }) => listFreezes(ctx, { project_id, limit: 1 })),
  here('deployment.read', 'look at the hold', (ctx, world) => getHold(ctx, world), {
    needs: ['project.read'],
  }),
  here('freeze.set', 'freeze an environment', (ctx, { project_id, environment_id }) =>
    setFreeze(ctx, { project_id, environment_id, reason: 'fire', expires_at: new Date('2027-01-01') }),
  ),
  here('freeze.set', 'freeze a project', (ctx, { project_id }) =>
    setFreeze(ctx, { project_id, reason: 'fire' }),
  ),
  here(
    'freeze.lift',
    'lift a freeze',
    (ctx, { project_id }, freeze_id) => liftFreeze(ctx, { project_id, freeze_id, reason: 'out' }),
    stopped,
  ),
  here('hold.release', 'release a hold', (ctx, world) => releaseHold(ctx, { ...world, reason: 'mended' })),
  here(
    'deployment.approve',
    'approve a plan',
    (ctx, _world, deployment_id) => approveDeployment(ctx, { deployment_id, plan_digest: none }),
    waiting,
  ),
  here(
    'deployment.reject',
    'reject a plan',
    (ctx, _world, deployment_id) => rejectDeployment(ctx, { deployment_id, plan_digest: none }),
    waiting,
  ),
  here(
    'gate.override',
    'override a gate',
    (ctx, _world, deployment_id) => overrideGates(ctx, { deployment_id, gates: ['lock'], reason: 'must be' }),
    waiting,
  ),
]

async function makeDeliveryToken(ctx: Context, { project_id, environment_id }: World): Promise<string> {
  const environment_ids = [environment_id]
  return (await createToken(ctx, { kind: 'delivery', project_id, name: fresh(), environment_ids })).token.id
}

const every = ['project.admin', 'environment.admin', 'token.admin', 'user.admin'] as const
const nothing = { text: '{}', file: 'headgate.yaml', environment: {} }

const administering: Attempt[] = [
  everywhere('project.admin', 'make a project', (ctx) =>
    createProject(ctx, { key: fresh(), name: 'x', kind: 'content' }),
  ),
  here('project.admin', 'rename a project', (ctx, { project_id }) =>
    updateProject(ctx, { project_id, name: 'x' }),
  ),
  here('environment.admin', 'make an environment', (ctx, { project_id }) =>
    createEnvironment(ctx, { project_id, name: fresh() }),
  ),
  here(
    'environment.admin',
    'change an environment',
    (ctx, { project_id, environment_id }) =>
      updateEnvironment(ctx, { project_id, environment_id, tier: 'x' }),
    { needs: ['project.read'] },
  ),
  here(
    'environment.admin',
    'remove an environment',
    (ctx, { project_id }, environment_id) => removeEnvironment(ctx, { project_id, environment_id }),
    {
      needs: ['project.read'],
      prepare: async (ctx, { project_id }) =>
        (await createEnvironment(ctx, { project_id, name: fresh() })).id,
    },
  ),
  here('token.admin', 'make a project’s token', (ctx, { project_id }) =>
    createToken(ctx, { kind: 'service', project_id, name: 'x', scopes: ['token.admin'] }),
  ),
  here(
    'token.admin',
    'let a token preview',
    (ctx, { project_id }, token_id) => createPreviewSecret(ctx, { project_id, token_id }),
    { needs: ['release.preview'], prepare: makeDeliveryToken },
  ),
  here('token.admin', 'list a project’s tokens', (ctx, { project_id }) =>
    listTokens(ctx, { project_id, limit: 1 }),
  ),
  everywhere('token.admin', 'make a token', (ctx) =>
    createToken(ctx, { kind: 'service', name: 'x', scopes: ['token.admin'] }),
  ),
  everywhere('user.admin', 'make a user', (ctx) => createUser(ctx, { email: `${fresh()}@example.com` })),
  everywhere('user.admin', 'list users', (ctx) => listUsers(ctx, { limit: 1 })),
  everywhere('backup.make', 'make a backup', async (ctx) => {
    const folder = await mkdtemp(join(tmpdir(), 'headgate-spool-'))
    try {
      const { archive } = await makeBackup(ctx, { folder })
      archive.destroy()
      await once(archive, 'close')
    } finally {
      await rm(folder, { recursive: true })
    }
  }),
  ...every.map((action) =>
    everywhere(action, 'apply a configuration', (ctx) => applyConfiguration(ctx, [], nothing), {
      needs: every.filter((one) => one !== action),
    }),
  ),
]

export const attempts: readonly Attempt[] = [
  ...reading,
  ...editing,
  ...deploying,
  ...governing,
  ...planAttempts,
  ...releaseAttempts,
  ...codeAttempts,
  ...runAttempts,
  ...infraAttempts,
  ...bulkAttempts,
  ...branchAttempts,
  ...webhookAttempts,
  ...importAttempts,
  ...administering,
]
