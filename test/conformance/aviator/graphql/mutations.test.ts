import { before, describe, test, type TestContext } from 'node:test'
import { sharedCodeHouse, type Shop } from '../../../code-house.ts'
import { askGraph, mustAnswer, type Ask, type Tree } from './ask-graph.ts'

const deploymentFields = 'deployment { id status environment { name } releaseCandidate { version } }'

/** One mutation: what it answered, with the type of the answer. */
const document = (name: string, fields: string) => {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}`
  return `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename
    ... on ${type}Payload { ${fields} }
    ... on MutationError { message }
    ... on InvalidInputError { fields { field detail } }
    ... on BlockedError { blockers { code who } } } }`
}

describe('mutations of the graph', () => {
  const open = sharedCodeHouse()
  let ask: Ask
  let shop: Shop
  const place = (environment = 'staging') => ({ project: shop.project.key, environment })
  const change = async (name: string, fields: string, input: object, token?: string): Promise<Tree> =>
    (await mustAnswer(ask(document(name, fields), { input }, token ? { token } : {})))[name]

  before(() => void (ask = askGraph(open())))

  test('a release is cut once, with whatever version it is given', async (t: TestContext) => {
    shop = await open().shop()
    const cut = (input: object) =>
      change(
        'cutRelease',
        'created release { version } releaseCandidate { version commit state buildStatus }',
        { project: shop.project.key, ...input },
      )
    const candidate = { commit: shop.repository.head(), state: 'READY', buildStatus: 'SUCCESS' }
    const made = {
      ...{ __typename: 'CutReleasePayload', created: true, release: { version: '1.0.0' } },
      releaseCandidate: { version: '1.0.0-rc1', ...candidate },
    }
    t.assert.deepEqual(await cut({ releaseCandidateVersion: '1.0.0-rc1' }), made)
    t.assert.deepEqual(await cut({ releaseCandidateVersion: '1.0.0-rc1' }), { ...made, created: false })
    const next = await cut({ version: '1.0.0', commit: shop.repository.head().slice(0, 9), reason: 'again' })
    t.assert.equal(next.releaseCandidate.version, '1.0.0-rc2')
    t.assert.match((await cut({})).release.version, /^\d{4}\.\d\d\.\d\d-1$/)
    shop.repository.commit('fix: more', { 'more.txt': '1\n' })
    const taken = await cut({ releaseCandidateVersion: '1.0.0-rc1' })
    t.assert.deepEqual(taken, { __typename: 'ConflictError', message: 'Release candidate already exists' })
    const odd = await cut({ releaseCandidateVersion: '1.0.0-rc0' })
    t.assert.deepEqual(
      [odd.__typename, odd.fields[0].field],
      ['InvalidInputError', 'releaseCandidateVersion'],
    )
    t.assert.equal((await cut({ commit: '--upload-pack=x' })).fields[0].field, 'commit')
    t.assert.equal((await cut({ project: 'nowhere' })).message, 'Release project not found')
    t.assert.equal((await cut({ deployTo: 'nowhere' })).message, 'Release environment not found')
    t.assert.equal((await cut({ reason: 'x'.repeat(2001) })).fields[0].field, 'reason')
  })

  test('a candidate is deployed, reported on and canceled', async (t: TestContext) => {
    const input = { ...place(), releaseCandidateVersion: '1.0.0-rc1' }
    const pending = await change('createDeployment', deploymentFields, input)
    t.assert.deepEqual(
      [pending.__typename, pending.deployment.status, pending.deployment.releaseCandidate.version],
      ['CreateDeploymentPayload', 'PENDING', '1.0.0-rc1'],
    )
    t.assert.equal(
      (await change('createDeployment', deploymentFields, input)).deployment.id,
      pending.deployment.id,
    )
    const report = (status: string, more = {}) =>
      change('updateDeploymentStatus', `${deploymentFields.slice(0, -1)} errorMessage }`, {
        ...input,
        status,
        ...more,
      })
    t.assert.equal((await report('IN_PROGRESS')).deployment.status, 'IN_PROGRESS')
    const done = await report('SUCCESS')
    t.assert.deepEqual([done.deployment.id, done.deployment.status], [pending.deployment.id, 'SUCCESS'])
    const broken = await report('PENDING')
    t.assert.notEqual(broken.deployment.id, pending.deployment.id)
    const failed = await report('FAILURE', { errorMessage: 'no disk' })
    t.assert.deepEqual([failed.deployment.status, failed.deployment.errorMessage], ['FAILURE', 'no disk'])
    const next = await change('createDeployment', deploymentFields, {
      ...place(),
      releaseCandidateVersion: '1.0.0-rc2',
    })
    const cancel = (deploymentId: string) =>
      change('cancelDeployment', 'deployment { status }', { deploymentId, reason: 'not now' })
    t.assert.equal((await cancel(next.deployment.id)).deployment.status, 'CANCELED')
    t.assert.equal((await cancel(next.deployment.id)).__typename, 'ConflictError')
    t.assert.equal((await cancel('dep_nonsense')).__typename, 'NotFoundError')
    const unknown = { ...place(), releaseCandidateVersion: '7.0.0-rc1' }
    const none = await change('createDeployment', deploymentFields, unknown)
    t.assert.deepEqual([none.__typename, none.message], ['NotFoundError', 'Release not found'])
    const nowhere = { ...place('nowhere'), releaseCandidateVersion: '1.0.0-rc1' }
    t.assert.equal(
      (await change('createDeployment', deploymentFields, nowhere)).message,
      'Release environment not found',
    )
  })

  test('a rollback brings back what ran before and holds the environment, until that is released', async (t: TestContext) => {
    const { approver } = open().tokens
    const back = () =>
      change(
        'rollbackEnvironment',
        `deployment { isRollback releaseCandidate { version } fromReleaseCandidate { version } }
         environment { hold { reason setBy } }`,
        { ...place(), reason: 'it is broken' },
      )
    const report = (version: string) =>
      change('updateDeploymentStatus', deploymentFields, {
        ...{ ...place(), releaseCandidateVersion: version, status: 'SUCCESS' },
      })
    await report('1.0.0-rc1')
    await report('1.0.0-rc2')
    t.assert.deepEqual(await back(), {
      __typename: 'RollbackEnvironmentPayload',
      deployment: {
        ...{ isRollback: true, releaseCandidate: { version: '1.0.0-rc1' } },
        fromReleaseCandidate: { version: '1.0.0-rc2' },
      },
      environment: { hold: { reason: 'it is broken', setBy: 'The releaser' } },
    })
    const fields = 'environment { hold { reason } }'
    const input = { ...place(), reason: 'mended' }
    const refused = await change('releaseHold', fields, input)
    t.assert.equal(refused.__typename, 'ForbiddenError')
    const released = await change('releaseHold', fields, input, approver)
    t.assert.deepEqual(released, { __typename: 'ReleaseHoldPayload', environment: { hold: null } })
    t.assert.equal((await change('releaseHold', fields, input, approver)).__typename, 'NotFoundError')
    const empty = await change('rollbackEnvironment', 'deployment { id }', place('production'))
    t.assert.deepEqual(empty, {
      ...{ __typename: 'NotFoundError', message: 'No previous deployment to roll back from' },
    })
  })

  test('a frozen environment refuses what is not forced by somebody who may', async (t: TestContext) => {
    const { approver, admin } = open().tokens
    const production = place('production')
    const fields = 'environment { frozen frozenReason }'
    const frozen = await change('freezeReleaseEnvironment', fields, { ...production, reason: 'black friday' })
    t.assert.deepEqual(frozen, {
      __typename: 'FreezeReleaseEnvironmentPayload',
      environment: { frozen: true, frozenReason: 'black friday' },
    })
    const past = { ...production, reason: 'x', expiresAt: '2020-01-01T00:00:00Z' }
    t.assert.equal((await change('freezeReleaseEnvironment', fields, past)).fields[0].field, 'expiresAt')
    const deploy = (more: object, token?: string) =>
      change(
        'createDeployment',
        'deployment { status }',
        {
          ...{ ...production, releaseCandidateVersion: '1.0.0-rc1', ...more },
        },
        token,
      )
    const blocked = await deploy({})
    t.assert.deepEqual(
      [blocked.__typename, blocked.blockers.map(({ code }: Tree) => code)],
      ['BlockedError', ['FREEZE']],
    )
    t.assert.match(blocked.message, /^Environment is frozen/)
    t.assert.equal((await deploy({ force: true })).__typename, 'ForbiddenError')
    t.assert.equal((await deploy({ force: true }, admin)).deployment.status, 'PENDING')
    const thaw = (token: string) =>
      change('unfreezeReleaseEnvironment', fields, { ...production, reason: 'over' }, token)
    t.assert.equal((await thaw(open().tokens.releaser)).__typename, 'ForbiddenError')
    t.assert.deepEqual((await thaw(approver)).environment, { frozen: false, frozenReason: null })
    t.assert.equal((await thaw(approver)).__typename, 'ConflictError')
  })

  test('a fix is picked into several releases, a conflict is given up, and what is in is said', async (t: TestContext) => {
    const own = await open().shop()
    const { repository } = own
    const project = own.project.key
    repository.commit('feat: one', { 'a.txt': 'one\n' })
    await own.cut({ release: '1.0.0' })
    await own.cut({ release: '1.1.0' })
    const fix = repository.commit('fix: a leak (#12)', { 'b.txt': 'fixed\n' })
    const clash = repository.commit('feat: two', { 'a.txt': 'two\n' })
    const clashing = repository.commit('feat: three', { 'a.txt': 'three\n' })
    const pick = (input: object) =>
      change(
        'cherryPick',
        'results { base { version } releaseCandidate { id version base { version } } alreadyIncluded }',
        { project, base: '1.0.0-rc1', ...input },
      )
    const { results } = await pick({ commit: fix, also: ['1.1.0-rc1'] })
    t.assert.deepEqual(
      results.map((one: Tree) => [
        one.base.version,
        one.releaseCandidate.version,
        one.releaseCandidate.base.version,
      ]),
      [
        ['1.0.0-rc1', '1.0.0-rc2', '1.0.0-rc1'],
        ['1.1.0-rc1', '1.1.0-rc2', '1.1.0-rc1'],
      ],
    )
    const { readId } = await import('#domain/ids.ts')
    for (const one of results) await open().settled(readId('candidate', one.releaseCandidate.id)!)
    const query = `query ($v: String!) { releaseCandidate(project: "${project}", version: $v) { state errorMessage cherryPicks {
      nodes { commit title status pullRequest { number } conflictPaths releaseCandidate { version } } } } }`
    const { releaseCandidate } = await mustAnswer(ask(query, { v: '1.0.0-rc2' }))
    t.assert.deepEqual(releaseCandidate, {
      ...{ state: 'READY', errorMessage: null },
      cherryPicks: {
        nodes: [
          {
            ...{ commit: fix, title: releaseCandidate.cherryPicks.nodes[0].title, status: 'SUCCESS' },
            ...{ pullRequest: { number: 12 }, conflictPaths: [], releaseCandidate: { version: '1.0.0-rc2' } },
          },
        ],
      },
    })
    const again = await pick({ commit: fix, base: '1.0.0-rc2' })
    t.assert.deepEqual(again.results[0].releaseCandidate, null)
    t.assert.equal(again.results[0].alreadyIncluded, 'PICK')
    const stuck = await pick({ commit: clashing, base: '1.0.0-rc2' })
    await open().settled(readId('candidate', stuck.results[0].releaseCandidate.id)!)
    const conflicted = (await mustAnswer(ask(query, { v: '1.0.0-rc3' }))).releaseCandidate
    t.assert.deepEqual(
      [
        conflicted.state,
        conflicted.cherryPicks.nodes.at(-1).status,
        conflicted.cherryPicks.nodes.at(-1).conflictPaths,
      ],
      ['CONFLICTED', 'CONFLICT', ['a.txt']],
    )
    const named = { project, releaseCandidateVersion: '1.0.0-rc3' }
    const state = 'releaseCandidate { state }'
    const unready = await change('acceptCherryPickResolution', state, { ...named, commit: clash })
    t.assert.equal(unready.__typename, 'InvalidInputError')
    const dropped = await change('dropReleaseCandidate', state, named)
    t.assert.equal(dropped.releaseCandidate.state, 'DROPPED')
    t.assert.equal((await change('dropReleaseCandidate', state, named)).__typename, 'ConflictError')
    t.assert.equal((await change('retryCherryPick', state, named)).__typename, 'ConflictError')
    t.assert.equal((await pick({})).__typename, 'InvalidInputError')
    const unbuilt = await change('rebuildReleaseCandidate', state, {
      ...named,
      releaseCandidateVersion: '1.0.0-rc1',
    })
    t.assert.equal(unbuilt.__typename, 'InvalidInputError')
  })

  test('what is asked of one document is done in its order, and each sees what was done before', async (t: TestContext) => {
    const fields = '__typename ... on FreezeReleaseEnvironmentPayload { environment { frozen } }'
    const input = `project: "${shop.project.key}", environment: "staging", reason: "x"`
    const data = await mustAnswer(
      ask(
        `mutation {
          a: freezeReleaseEnvironment(input: { ${input} }) { ${fields} }
          b: unfreezeReleaseEnvironment(input: { ${input} }) { ... on UnfreezeReleaseEnvironmentPayload { environment { frozen } } }
        }`,
        undefined,
        { token: open().tokens.admin },
      ),
    )
    t.assert.deepEqual([data.a.environment.frozen, data.b.environment.frozen], [true, false])
  })
})
