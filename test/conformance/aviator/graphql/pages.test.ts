import fc from 'fast-check'
import { before, describe, test, type TestContext } from 'node:test'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { fillCode } from '../../../../bench/fill-code.ts'
import { sharedCodeHouse } from '../../../code-house.ts'
import { recordStatements } from '../../../engine/record-statements.ts'
import { askGraph, mustAnswer, type Ask, type Tree } from './ask-graph.ts'

const releases = 120

describe('pages of the graph', () => {
  const open = sharedCodeHouse()
  let ask: Ask

  before(async () => {
    ask = askGraph(open())
    await fillCode(open().house.db, { key: 'many', releases })
  })

  const page = `query ($first: Int!) { releaseProjects(first: 1) { nodes { key
    environments { nodes { name frozen hold { reason } currentReleaseCandidate { version } latestDeployment { id } } }
    releases(first: $first) { nodes { version headCommit deployedTo { environment { name } }
      candidates(first: 4) { nodes { version buildUrl cherryPicks(first: 3) { nodes { title } }
        deployments(first: 4) { nodes { status actor runUrl blockers { code } environment { name tier }
          releaseCandidate { version } fromReleaseCandidate { version } } } } } } } } } }`

  /** What is sent for one page, without what the house does meanwhile by itself. */
  const statementsOf = async (first: number): Promise<string[]> => {
    const sent = await recordStatements(open().house.db, () => mustAnswer(ask(page, { first })))
    return sent.filter(
      (sql) => !/event|pg_snapshot|dispatch.*resume_at|chore/.test(sql) && !sql.startsWith('--'),
    )
  }

  test('a page of a hundred releases costs as many statements as one of two', async (t: TestContext) => {
    await mustAnswer(ask(page, { first: 1 }))
    const few = await statementsOf(2)
    const many = await statementsOf(100)
    t.assert.deepEqual(new Set(many), new Set(few))
    // What is asked for at several places of the graph may come at several times.
    t.assert.ok(many.length <= 24, `${many.length} statements`)
  })

  test('the SDL changes on purpose only', async (t: TestContext) => {
    const { schema } = await import('#surfaces/aviator/graphql/schema.ts')
    const golden = new URL('../../../golden/aviator.graphql', import.meta.url).pathname
    const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`
    t.assert.fileSnapshot(sdl, golden, { serializers: [String] })
  })

  const forwards = `query ($first: Int, $after: String, $last: Int, $before: String) {
    releaseProject(name: "many") { releases(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { version } } nodes { version } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`
  const read = async (args: object): Promise<Tree> =>
    (await mustAnswer(ask(forwards, args))).releaseProject.releases

  test('pages forwards and backwards have everything once, in one order, whatever their size', async (t: TestContext) => {
    const all = Array.from({ length: releases }, (_, n) => `1.0.${releases - n}`)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 25, max: 100 }), fc.boolean(), async (size, backwards) => {
        const seen: string[] = []
        for (let cursor: string | null = null; ;) {
          const { edges, nodes, pageInfo }: Tree = await read(
            backwards ? { last: size, before: cursor } : { first: size, after: cursor },
          )
          const versions = edges.map(({ node }: Tree) => node.version)
          t.assert.deepEqual(
            nodes.map(({ version }: Tree) => version),
            versions,
          )
          t.assert.deepEqual(
            [pageInfo.startCursor, pageInfo.endCursor],
            [edges[0].cursor, edges.at(-1).cursor],
          )
          if (backwards) seen.unshift(...versions)
          else seen.push(...versions)
          t.assert.equal(backwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage, cursor !== null)
          cursor = backwards ? pageInfo.startCursor : pageInfo.endCursor
          if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage)) break
        }
        t.assert.deepEqual(seen, all)
      }),
      { numRuns: 6 },
    )
  })

  test('a page between two cursors has what is between them', async (t: TestContext) => {
    const { edges } = await read({ first: 10 })
    const between = await read({ first: 100, after: edges[2].cursor, before: edges[6].cursor })
    t.assert.deepEqual(
      between.edges.map(({ cursor }: Tree) => cursor),
      edges.slice(3, 6).map(({ cursor }: Tree) => cursor),
    )
    const empty = await read({ first: 0 })
    t.assert.deepEqual([empty.edges, empty.pageInfo.hasNextPage, empty.pageInfo.endCursor], [[], true, null])
  })

  test('environments, candidates, deployments and projects are paged by their own order', async (t: TestContext) => {
    const query = `query ($after: String) { releaseProject(name: "many") {
      first: environments(first: 2) { nodes { name } pageInfo { endCursor hasNextPage } }
      next: environments(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage } }
      last: environments(last: 1) { nodes { name deployments(last: 1) { nodes { releaseCandidate { version } } } } }
      releases(last: 1) { nodes { candidates(last: 1) { nodes { version } pageInfo { hasPreviousPage } }
        newest: candidates(first: 1) { nodes { version deployments(last: 1) { nodes { environment { name } } } } } } } } }`
    const { releaseProject: one } = await mustAnswer(ask(query))
    const cursor = one.first.pageInfo.endCursor
    const { releaseProject: two } = await mustAnswer(ask(query, { after: cursor }))
    t.assert.deepEqual(
      [one.first.nodes, two.next, one.last.nodes[0].name],
      [
        [{ name: 'production' }, { name: 'staging' }],
        { nodes: [{ name: 'nightly' }], pageInfo: { hasNextPage: false } },
        'nightly',
      ],
    )
    t.assert.deepEqual(one.releases.nodes, [
      {
        candidates: { nodes: [{ version: '1.0.1-rc1' }], pageInfo: { hasPreviousPage: true } },
        newest: {
          nodes: [{ version: '1.0.1-rc2', deployments: { nodes: [{ environment: { name: 'staging' } }] } }],
        },
      },
    ])
    await open().shop({ key: 'zebra' })
    const projects = (args: string) =>
      mustAnswer(ask(`{ releaseProjects(${args}) { nodes { key } pageInfo { startCursor } } }`))
    const { releaseProjects: end } = await projects('last: 1')
    t.assert.deepEqual(end.nodes, [{ key: 'zebra' }])
    const { releaseProjects: rest } = await projects(`last: 5, before: "${end.pageInfo.startCursor}"`)
    t.assert.deepEqual(rest.nodes, [{ key: 'many' }])
  })
})
