import { before, describe, test, type TestContext } from 'node:test'
import { createToken } from '#app/identity/create-token.ts'
import { createProjectOfKind } from '#app/projects/create-project-of-kind.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createRelease } from '#app/releases/create-release.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { showId } from '#domain/ids.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import { sharedCodeHouse, type Shop } from '../../../code-house.ts'
import { askGraph, mustAnswer, type Ask, type Tree } from './ask-graph.ts'

describe('who sees and does what in the graph', () => {
  const open = sharedCodeHouse()
  let ask: Ask
  let mine: Shop
  let theirs: Shop
  let candidate: CandidateView
  let deployment: string
  let ids: string[]

  before(async () => {
    const house = open()
    ask = askGraph(house)
    mine = await house.shop()
    theirs = await house.shop()
    candidate = await theirs.cut({ release: '1.0.0' })
    await mine.cut({ release: '1.0.0' })
    deployment = await theirs.deploy(candidate, 'production')
    ids = [
      showId('project', theirs.project.id),
      showId('environment', theirs.environments.production!.id),
      showId('release', candidate.release_id),
      showId('candidate', candidate.id),
      showId('deployment', deployment),
    ]
  })

  /** A token of the admin's that reaches this far. */
  async function tokenOf(narrowed: object): Promise<string> {
    const { ctx, as } = open()
    const user_id = as.admin.principal!.user_id
    const { secret } = await createToken(ctx, {
      ...{ kind: 'service', name: `narrow ${ctx.newId()}`, scopes: ['*'], user_id },
      ...narrowed,
    })
    return secret
  }

  const nodesOf = async (token: string): Promise<Tree[]> =>
    (await mustAnswer(ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, { token }))).nodes

  test('a token that is bound to a project sees nothing of another, by whatever id or name', async (t: TestContext) => {
    const token = await tokenOf({ project_id: mine.project.id })
    t.assert.deepEqual(
      await nodesOf(token),
      ids.map(() => null),
    )
    const key = theirs.project.key
    const data = await mustAnswer(
      ask(
        `query ($id: ID!) {
          releaseProjects { nodes { key } }
          releaseProject(name: "${key}") { key }
          release(project: "${key}", version: "1.0.0") { version }
          releaseCandidate(project: "${key}", version: "1.0.0-rc1") { version }
          deployment(id: $id) { id }
          whereIsCommit(project: "${key}", commit: "${candidate.commit_sha}") { commit }
        }`,
        { id: showId('deployment', deployment) },
        { token },
      ),
    )
    t.assert.deepEqual(data, {
      ...{ releaseProjects: { nodes: [{ key: mine.project.key }] }, releaseProject: null, release: null },
      ...{ releaseCandidate: null, deployment: null, whereIsCommit: null },
    })
    const names = [
      'createDeployment',
      'updateDeploymentStatus',
      'rollbackEnvironment',
      'freezeReleaseEnvironment',
    ]
    for (const name of names) {
      const type = `${name[0]!.toUpperCase()}${name.slice(1)}`
      const more = {
        createDeployment: ', releaseCandidateVersion: "1.0.0-rc1"',
        updateDeploymentStatus: ', releaseCandidateVersion: "1.0.0-rc1", status: SUCCESS',
        freezeReleaseEnvironment: ', reason: "x"',
      }[name]
      const { data: answered } = await ask(
        `mutation { ${name}(input: { project: "${key}", environment: "production"${more ?? ''} }) {
          __typename ... on MutationError { message } ... on ${type}Payload { __typename } } }`,
        undefined,
        { token },
      )
      t.assert.deepEqual(answered[name], {
        ...{ __typename: 'NotFoundError', message: 'Release project not found' },
      })
    }
  })

  test('a token that is bound to environments sees no other, and no deployment to it', async (t: TestContext) => {
    const token = await tokenOf({
      project_id: theirs.project.id,
      environment_ids: [theirs.environments.staging!.id],
    })
    const nodes = await nodesOf(token)
    t.assert.deepEqual(
      nodes.map((one) => one !== null),
      [true, false, true, true, false],
    )
    const data = await mustAnswer(
      ask(
        `{ releaseProject(name: "${theirs.project.key}") {
          environments { nodes { name } }
          releases { nodes { deployedTo { environment { name } } candidates { nodes { deployments { nodes { id } } } } } }
        } }`,
        undefined,
        { token },
      ),
    )
    t.assert.deepEqual(data.releaseProject, {
      environments: { nodes: [{ name: 'staging' }] },
      releases: { nodes: [{ deployedTo: [], candidates: { nodes: [{ deployments: { nodes: [] } }] } }] },
    })
  })

  test('a token of few scopes is told which field it may not see', async (t: TestContext) => {
    const token = await tokenOf({ scopes: ['deployment.read'] })
    const query = 'query ($id: ID!) { node(id: $id) { ... on Deployment { status environment { name } } } }'
    const id = showId('deployment', deployment)
    const { status, data, errors } = await ask(query, { id }, { token })
    t.assert.deepEqual([status, data.node, errors![0]!.extensions.code], [200, null, 'FORBIDDEN'])
    t.assert.deepEqual(errors![0]!.path, ['node', 'environment'])
    const plain = await ask(
      'query ($id: ID!) { node(id: $id) { ... on Deployment { status } } }',
      { id },
      { token },
    )
    t.assert.equal(plain.data.node.status, 'PENDING')
  })

  test('what is of other kinds of projects is no part of the graph', async (t: TestContext) => {
    const { ctx, tokens } = open()
    const site = await createProjectOfKind(ctx, [contentstack.configuration!], {
      ...{ key: 'site', name: 'shop', kind: 'content' },
    })
    const release = await createRelease(ctx, { project_id: site.id, branch: 'main', name: 'one' })
    const asked = [showId('project', site.id), showId('release', release.id)]
    const data = await mustAnswer(
      ask(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } releaseProject(name: "site") { key } releaseProjects { nodes { key } } }',
        { ids: asked },
        { token: tokens.admin },
      ),
    )
    t.assert.deepEqual(data.nodes, [null, null])
    t.assert.equal(data.releaseProject, null)
    t.assert.ok(!data.releaseProjects.nodes.some(({ key }: Tree) => key === 'site'))
  })

  test('every role reads, and each changes what it may', async (t: TestContext) => {
    const { tokens } = open()
    const place = `project: "${mine.project.key}", environment: "staging"`
    const changes = {
      createDeployment: `createDeployment(input: { ${place}, releaseCandidateVersion: "1.0.0-rc1" })`,
      freeze: `freezeReleaseEnvironment(input: { ${place}, reason: "x" })`,
      unfreeze: `unfreezeReleaseEnvironment(input: { ${place}, reason: "x" })`,
      cut: `cutRelease(input: { project: "${mine.project.key}", commit: "0000000" })`,
      hold: `releaseHold(input: { ${place}, reason: "x" })`,
    }
    const refused: Record<string, string[]> = {}
    for (const role of ['viewer', 'releaser', 'approver', 'admin'] as const) {
      refused[role] = []
      for (const [name, change] of Object.entries(changes)) {
        const { data } = await ask(`mutation { it: ${change} { __typename } }`, undefined, {
          token: tokens[role],
        })
        if (data.it.__typename === 'ForbiddenError') refused[role].push(name)
      }
      const { data } = await ask('{ releaseProjects { nodes { key } } }', undefined, { token: tokens[role] })
      t.assert.ok(data.releaseProjects.nodes.length >= 2)
    }
    t.assert.deepEqual(refused, {
      viewer: ['createDeployment', 'freeze', 'unfreeze', 'cut', 'hold'],
      releaser: ['unfreeze', 'hold'],
      approver: ['createDeployment', 'freeze', 'cut'],
      admin: [],
    })
  })

  test('a project that nobody gave a role in is nobody’s', async (t: TestContext) => {
    const { ctx } = open()
    const other = await createProject(ctx, { key: 'other', name: 'Other', kind: 'code' })
    const { secret } = await createToken(ctx, {
      ...{ kind: 'service', name: 'alone', scopes: ['*'], project_id: other.id },
    })
    const data = await mustAnswer(
      ask('{ viewer { email } releaseProjects { nodes { key } } }', {}, { token: secret }),
    )
    t.assert.deepEqual(data, { viewer: null, releaseProjects: { nodes: [{ key: 'other' }] } })
  })
})
