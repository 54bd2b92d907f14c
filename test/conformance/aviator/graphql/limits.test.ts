import fc from 'fast-check'
import { before, describe, test, type TestContext } from 'node:test'
import { getIntrospectionQuery } from 'graphql'
import { showId } from '#domain/ids.ts'
import { sharedCodeHouse, type Shop } from '../../../code-house.ts'
import { askGraph, mustAnswer, postGraph, type Ask, type Tree } from './ask-graph.ts'

describe('what the graph refuses', () => {
  const open = sharedCodeHouse()
  let ask: Ask
  let shop: Shop
  const code = async (query: string, variables?: object) =>
    (await ask(query, variables)).errors?.[0]?.extensions.code

  before(async () => {
    ask = askGraph(open())
    shop = await open().shop()
    await shop.cut({ release: '1.0.0' })
  })

  test('a document that is too deep, too wide or too long is not looked into', async (t: TestContext) => {
    const deep = (levels: number): string =>
      levels === 0 ? 'key' : `project { environments { nodes { ${deep(levels - 1)} } } }`
    t.assert.equal(
      await code(`{ releaseProject(name: "shop") { environments { nodes { ${deep(8)} } } } }`),
      'DOCUMENT_TOO_LARGE',
    )
    const aliases = Array.from({ length: 2500 }, (_, n) => `a${n}: __typename`).join(' ')
    t.assert.ok(['DOCUMENT_TOO_LARGE', 'GRAPHQL_PARSE_FAILED'].includes((await code(`{ ${aliases} }`))!))
    const bomb = Array.from(
      { length: 30 },
      (_, n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`,
    ).join(' ')
    t.assert.equal(await code(`{ ...f0 } ${bomb} fragment f30 on Query { __typename }`), 'DOCUMENT_TOO_LARGE')
    const round = 'fragment a on Query { ...b } fragment b on Query { ...a }'
    t.assert.equal(await code(`{ ...a } ${round}`), 'GRAPHQL_VALIDATION_FAILED')
    t.assert.equal(await code(`{ __typename ${'@skip(if: false) '.repeat(60)} }`), 'DOCUMENT_TOO_LARGE')
  })

  test('pages within pages cost what they may answer, and a page has a hundred at most', async (t: TestContext) => {
    const nested = `query ($n: Int!) { releaseProjects(first: $n) { nodes { releases(first: $n) { nodes {
      candidates(first: $n) { nodes { deployments(first: $n) { nodes { id status } } } } } } } } }`
    t.assert.equal(await code(nested, { n: 100 }), 'QUERY_TOO_COSTLY')
    t.assert.equal(await code(nested, { n: 5 }), undefined)
    for (const args of [
      'first: 101',
      'last: 101',
      'first: -1',
      'first: 2, last: 2',
      'after: "x"',
      'before: "*"',
    ])
      t.assert.equal(
        await code(`{ releaseProject(name: "shop") { releases(${args}) { nodes { id } } } }`),
        'BAD_USER_INPUT',
        args,
      )
    const many = Array.from({ length: 30 }, (_, n) => `c${n}: changelog { nodes { title } }`).join(' ')
    t.assert.equal(
      await code(`{ releaseCandidate(project: "shop", version: "1.0.0-rc1") { ${many} } }`),
      'QUERY_TOO_COSTLY',
    )
    const ids = Array.from({ length: 101 }, () => showId('project', shop.project.id))
    t.assert.equal(await code('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }), 'BAD_USER_INPUT')
  })

  test('whoever is signed in can ask what there is to ask', async (t: TestContext) => {
    const { __schema } = await mustAnswer(ask(getIntrospectionQuery()))
    t.assert.ok(__schema.types.some(({ name }: Tree) => name === 'ReleaseCandidate'))
    const nobody = await ask('{ __typename }', undefined, { token: null })
    t.assert.deepEqual([nobody.status, nobody.data], [401, undefined])
  })

  test('only a POST of one JSON object is read', async (t: TestContext) => {
    const house = open()
    const { releaser } = house.tokens
    const authorization = `Bearer ${releaser}`
    const got = await fetch(`${house.url}/graphql?query={__typename}`, { headers: { authorization } })
    t.assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST'])
    const page = await fetch(`${house.url}/graphql`, { headers: { authorization, accept: 'text/html' } })
    t.assert.ok(!(page.headers.get('content-type') ?? '').includes('html'))
    const form = new URLSearchParams({ query: '{ __typename }' })
    const simple = await fetch(`${house.url}/graphql`, {
      method: 'POST',
      headers: { authorization },
      body: form,
    })
    t.assert.equal(simple.status, 400)
    const untyped = await fetch(`${house.url}/graphql`, {
      ...{ method: 'POST', headers: { authorization }, body: new Blob(['{"query":"{ __typename }"}']) },
    })
    t.assert.equal(untyped.status, 400)
    const bodies = [
      '[]',
      '[{"query":"{__typename}"}]',
      '"x"',
      'null',
      '1',
      '{}',
      '{"query":1}',
      '{"query":" "}',
      '{',
      '',
    ]
    for (const body of bodies) {
      const { status, errors, body: said } = await postGraph(house, body)
      t.assert.deepEqual([status, typeof said.error, errors!.length], [400, 'string', 1], body)
    }
    const odd = ['{"query":"{__typename}","variables":[]}', '{"query":"{__typename}","variables":"x"}']
    odd.push(
      '{"query":"{__typename}","operationName":{}}',
      '{"query":"{__typename}","variables":{"a":"\\u0000"}}',
    )
    for (const body of odd) t.assert.equal((await postGraph(house, body)).status, 400, body)
    const large = await postGraph(house, JSON.stringify({ query: `{ __typename } #${'x'.repeat(300_000)}` }))
    t.assert.deepEqual([large.status, large.errors!.length], [413, 1])
  })

  test('NUL and half of a pair are refused wherever they stand, and so is what is no number', async (t: TestContext) => {
    t.assert.equal(await code('{ releaseProject(name: "a\\u0000b") { key } }'), 'BAD_USER_INPUT')
    t.assert.ok(await code('{ releaseProject(name: "\\uD800") { key } }'))
    t.assert.ok(await code('{ releaseProjects(first: 99999999999999999999) { nodes { key } } }'))
    t.assert.ok(await code('query ($n: Int) { releaseProjects(first: $n) { nodes { key } } }', { n: 1e300 }))
    t.assert.ok(await code('query ($n: Int) { releaseProjects(first: $n) { nodes { key } } }', { n: 'x' }))
    t.assert.ok(await code('query A { __typename } query B { __typename }'))
    t.assert.ok(await code('subscription { nothing }'))
  })

  test('who speaks the newer protocol is told by the status that nothing was executed', async (t: TestContext) => {
    const accept = 'application/graphql-response+json'
    const wrong = await ask('{ nope }', undefined, { headers: { accept } })
    t.assert.deepEqual([wrong.status, wrong.headers.get('content-type')], [400, `${accept}; charset=utf-8`])
    const right = await ask('{ __typename }', undefined, { headers: { accept } })
    t.assert.deepEqual([right.status, right.data], [200, { __typename: 'Query' }])
    t.assert.equal((await ask('{ nope }')).status, 200)
  })

  test('what broke is told by the request’s id and nothing else', async (t: TestContext) => {
    const { house } = open()
    const { db } = house
    // A store that does not answer this one table as it should.
    await db.schema.alterTable('candidate_pick').renameTo('candidate_pick_away').execute()
    t.after(() => db.schema.alterTable('candidate_pick_away').renameTo('candidate_pick').execute())
    const { status, data, errors } = await ask(
      '{ releaseCandidate(project: "shop", version: "1.0.0-rc1") { version cherryPicks { nodes { title } } } }',
    )
    t.assert.equal(status, 200)
    t.assert.equal(data?.releaseCandidate ?? null, null)
    const [error] = errors!
    t.assert.equal(error!.extensions.code, 'INTERNAL_SERVER_ERROR')
    t.assert.match(error!.message, /^Something broke here\. The log has it under request [0-9a-f-]{36}\.$/)
    t.assert.ok(!JSON.stringify(errors).includes('candidate_pick'))
  })

  test('no document whatever, and no variables, are an error of ours', async () => {
    const name = fc.constantFrom('viewer', 'releaseProjects', 'node', 'cutRelease', 'nodes', '__schema', 'x')
    const word = fc.oneof(
      name,
      fc.constantFrom('{', '}', '(', ')', ':', '...', '$a', '"x"', '-1', '@skip', '#', 'on'),
    )
    const text = fc.oneof(
      fc.array(word, { maxLength: 20 }).map((all) => all.join(' ')),
      fc.string({ unit: 'binary' }),
    )
    const odd = fc.object({ maxDepth: 2, withNullPrototype: false })
    await fc.assert(
      fc.asyncProperty(text, odd, async (query, variables) => {
        const body = JSON.stringify({ query, variables })
        const { status, errors } = await postGraph(open(), body)
        const internal = errors?.some(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR')
        if (status >= 500 || internal) throw new Error(`${status} ${JSON.stringify(errors)}`)
      }),
      { numRuns: 60 },
    )
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.constant(null),
      fc.double(),
      fc.boolean(),
    )
    const names = [
      'project',
      'environment',
      'releaseCandidateVersion',
      'commit',
      'version',
      'reason',
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), value, async (field, sent) => {
        const input = { project: 'shop', [field]: sent }
        const query = 'mutation ($input: CutReleaseInput!) { cutRelease(input: $input) { __typename } }'
        const { status, errors } = await ask(query, { input })
        const internal = errors?.some(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR')
        if (status >= 500 || internal) throw new Error(`${status} ${JSON.stringify(errors)}`)
      }),
      { numRuns: 30 },
    )
  })
})
