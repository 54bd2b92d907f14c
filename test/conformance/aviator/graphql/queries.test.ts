import { before, describe, test, type TestContext } from 'node:test'
import { showId } from '#domain/ids.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { sharedCodeHouse, type Shop } from '../../../code-house.ts'
import { askGraph, mustAnswer, type Ask, type Tree } from './ask-graph.ts'

describe('the graph of a release desk', () => {
  const open = sharedCodeHouse()
  let ask: Ask
  let shop: Shop
  let first: CandidateView
  let second: CandidateView
  let deployment: string
  const data = (query: string, variables?: object): Promise<Tree> => mustAnswer(ask(query, variables))

  before(async () => {
    const house = open()
    ask = askGraph(house)
    shop = await house.shop({ name: 'The Shop' })
    first = await shop.cut({ release: '1.0.0' })
    shop.repository.commit('feat(cart): add a cart (#7)', { 'cart.txt': '1\n' })
    second = await shop.cut({ release: '1.1.0' })
    deployment = await shop.deploy(first, 'staging')
    const { reportDeployment } = await import('#app/deployments/report-deployment.ts')
    await reportDeployment(house.as.releaser, { deployment_id: deployment, status: 'success' })
  })

  test('who asks is the user of the token, and nobody is for one that belongs to nobody', async (t: TestContext) => {
    const { viewer } = await data('{ viewer { email fullName } }')
    t.assert.deepEqual(viewer, { email: 'releaser@example.com', fullName: 'The releaser' })
    const none = await ask('{ viewer { email } }', {}, { token: null })
    t.assert.deepEqual([none.status, none.body.error], [401, 'Unauthorized'])
    t.assert.equal(none.errors![0]!.extensions.code, 'UNAUTHENTICATED')
  })

  test('a project is found by its key and by its name, case and all', async (t: TestContext) => {
    const query = 'query ($name: String!) { releaseProject(name: $name) { id key name repository versions } }'
    const { releaseProject } = await data(query, { name: 'shop' })
    t.assert.deepEqual(releaseProject, {
      id: showId('project', shop.project.id),
      ...{ key: 'shop', name: 'The Shop', repository: 'acme/shop', versions: 'CALVER' },
    })
    t.assert.deepEqual((await data(query, { name: 'The Shop' })).releaseProject, releaseProject)
    t.assert.equal((await data(query, { name: 'the shop' })).releaseProject, null)
  })

  test('both addresses answer', async (t: TestContext) => {
    const { data: found } = await ask('{ releaseProjects { nodes { key } } }', {}, { path: '/api/graphql/' })
    t.assert.deepEqual(found.releaseProjects.nodes, [{ key: 'shop' }])
  })

  test('environments stand in pipeline order with what is live and what guards them', async (t: TestContext) => {
    const { releaseProject } = await data(`{ releaseProject(name: "shop") { environments { nodes {
      name tier frozen frozenReason autoPromote deploymentProvider hold { reason } parent { name }
      currentReleaseCandidate { version } latestDeployment { id status } } } } }`)
    const common = {
      ...{ tier: null, frozen: false, frozenReason: null, autoPromote: false, hold: null },
      deploymentProvider: 'NOT_CONFIGURED',
    }
    t.assert.deepEqual(releaseProject.environments.nodes, [
      {
        ...{ ...common, name: 'staging', parent: null },
        currentReleaseCandidate: { version: '1.0.0-rc1' },
        latestDeployment: { id: showId('deployment', deployment), status: 'SUCCESS' },
      },
      {
        ...{ ...common, name: 'production', parent: { name: 'staging' } },
        ...{ currentReleaseCandidate: null, latestDeployment: null },
      },
    ])
  })

  test('releases are newest first, and their candidates highest first', async (t: TestContext) => {
    const { releaseProject } = await data(`{ releaseProject(name: "shop") { releases { nodes {
      version headCommit latestCandidate { version } deployedTo { environment { name } releaseCandidate { version } }
      candidates { nodes { version number commit state buildStatus branch base { id } errorMessage
        release { version } project { key } } } } } } }`)
    const { nodes } = releaseProject.releases
    t.assert.deepEqual(
      nodes.map((one: Tree) => [one.version, one.headCommit, one.latestCandidate.version]),
      [
        ['1.1.0', second.commit_sha, '1.1.0-rc1'],
        ['1.0.0', first.commit_sha, '1.0.0-rc1'],
      ],
    )
    t.assert.deepEqual(nodes[1].deployedTo, [
      { environment: { name: 'staging' }, releaseCandidate: { version: '1.0.0-rc1' } },
    ])
    t.assert.deepEqual(nodes[0].deployedTo, [])
    t.assert.deepEqual(nodes[1].candidates.nodes, [
      {
        ...{
          version: '1.0.0-rc1',
          number: 1,
          commit: first.commit_sha,
          state: 'READY',
          buildStatus: 'SUCCESS',
        },
        ...{ branch: null, base: null, errorMessage: null },
        ...{ release: { version: '1.0.0' }, project: { key: 'shop' } },
      },
    ])
  })

  test('a deployment says what REST says of it, and more', async (t: TestContext) => {
    const { deployment: found } = await data(
      `query ($id: ID!) { deployment(id: $id) { id databaseId status state actor environment { name }
        releaseCandidate { version } fromReleaseCandidate { version } deployStartAt deployEndAt errorMessage runUrl
        isRollback isDryRun planCounts { outcome count } blockers { code } allowedActions } }`,
      { id: showId('deployment', deployment) },
    )
    const { deployStartAt, deployEndAt, databaseId, ...rest } = found
    t.assert.ok(Date.parse(deployEndAt) >= Date.parse(deployStartAt))
    t.assert.match(databaseId, /^[0-9]+$/)
    t.assert.deepEqual(rest, {
      ...{ id: showId('deployment', deployment), status: 'SUCCESS', state: 'SUCCEEDED' },
      ...{ actor: 'releaser@example.com', environment: { name: 'staging' } },
      ...{ releaseCandidate: { version: '1.0.0-rc1' }, fromReleaseCandidate: null },
      ...{ errorMessage: null, runUrl: null, isRollback: false, isDryRun: false },
      ...{ planCounts: [{ outcome: 'done', count: 1 }], blockers: [], allowedActions: ['roll_back'] },
    })
  })

  test('release, candidate and whatever else is named are found, and what is not there is null', async (t: TestContext) => {
    const found = await data(`{
      release(project: "shop", version: "1.0.0") { version }
      gone: release(project: "shop", version: "9.9.9") { version }
      nowhere: release(project: "nowhere", version: "1.0.0") { version }
      releaseCandidate(project: "shop", version: "1.1.0-rc1") { number databaseId }
      none: releaseCandidate(project: "shop", version: "1.1.0-rc7") { number }
      odd: deployment(id: "nonsense") { id }
    }`)
    t.assert.deepEqual(found, {
      ...{ release: { version: '1.0.0' }, gone: null, nowhere: null, none: null, odd: null },
      releaseCandidate: { number: 1, databaseId: String(second.ordinal) },
    })
  })

  test('every id is one of node(id:), and of our own API', async (t: TestContext) => {
    const ids = [
      showId('project', shop.project.id),
      showId('environment', shop.environments.staging!.id),
      showId('release', first.release_id),
      showId('candidate', first.id),
      showId('deployment', deployment),
    ]
    const { nodes } = await data('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids })
    const types = ['ReleaseProject', 'ReleaseEnvironment', 'Release', 'ReleaseCandidate', 'Deployment']
    t.assert.deepEqual(
      nodes,
      ids.map((id, n) => ({ __typename: types[n], id })),
    )
    const missing = showId('release', first.id)
    t.assert.equal((await data('query ($id: ID!) { node(id: $id) { id } }', { id: missing })).node, null)
    const odd = await ask('{ node(id: "usr_00000000000000000000000000000000") { id } }')
    t.assert.equal(odd.errors![0]!.extensions.code, 'BAD_USER_INPUT')
  })

  test('changelogs are read against what is live, against another and in pages', async (t: TestContext) => {
    const text = `baseKind baseCommit headCommit baseReleaseCandidate { version } pageInfo { hasNextPage endCursor }
      nodes { title group type scope description breaking pullRequest { number } authorName removed }`
    const { releaseCandidate: one, releaseProject } = await data(`{
      releaseCandidate(project: "shop", version: "1.1.0-rc1") {
        live: changelog(environment: "staging") { ${text} }
        other: changelog(against: "1.0.0") { ${text} }
      }
      releaseProject(name: "shop") { unreleased { nodes { title } } }
    }`)
    t.assert.deepEqual(one.live, {
      ...{ baseKind: 'LIVE', baseCommit: first.commit_sha, headCommit: second.commit_sha },
      baseReleaseCandidate: { version: '1.0.0-rc1' },
      pageInfo: { hasNextPage: false, endCursor: one.live.pageInfo.endCursor },
      nodes: [
        {
          ...{ title: 'feat(cart): add a cart (#7)', group: 'FEATURES', type: 'feat', scope: 'cart' },
          ...{ description: one.live.nodes[0].description, breaking: false, pullRequest: { number: 7 } },
          ...{ authorName: 'Ada', removed: false },
        },
      ],
    })
    t.assert.deepEqual([one.other.baseKind, one.other.nodes.length], ['ASKED', 1])
    t.assert.deepEqual(releaseProject.unreleased.nodes, [])
    const page = `query ($after: String) { releaseCandidate(project: "shop", version: "1.0.0-rc1") {
      changelog(first: 0, after: $after) { pageInfo { hasNextPage } nodes { title } } } }`
    const empty = (await data(page)).releaseCandidate.changelog
    t.assert.deepEqual(empty, { pageInfo: { hasNextPage: true }, nodes: [] })
  })

  test('it says which candidates and environments have a commit', async (t: TestContext) => {
    const query = `query ($commit: String!) { whereIsCommit(project: "shop", commit: $commit) {
      commit title candidates { releaseCandidate { version } how } environments { environment { name } contains how } } }`
    const { whereIsCommit } = await data(query, { commit: second.commit_sha!.slice(0, 10) })
    t.assert.deepEqual(whereIsCommit, {
      ...{ commit: second.commit_sha, title: 'feat(cart): add a cart (#7)' },
      candidates: [{ releaseCandidate: { version: '1.1.0-rc1' }, how: 'COMMIT' }],
      environments: [
        { environment: { name: 'staging' }, contains: false, how: null },
        { environment: { name: 'production' }, contains: false, how: null },
      ],
    })
    t.assert.equal((await data(query, { commit: 'f'.repeat(40) })).whereIsCommit, null)
    const odd = await ask(query, { commit: '--upload-pack=x' })
    t.assert.equal(odd.errors![0]!.extensions.code, 'BAD_USER_INPUT')
  })
})
