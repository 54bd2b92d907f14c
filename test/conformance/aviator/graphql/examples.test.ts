import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test, type TestContext } from 'node:test'
import { showId } from '#domain/ids.ts'
import type { CandidateView } from '#app/candidates/candidate-view.ts'
import { sharedCodeHouse, type Shop } from '../../../code-house.ts'
import { askGraph, mustAnswer, type Ask } from './ask-graph.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/graphql.md'), 'utf8')
const documents = new Map(
  [...page.matchAll(/```graphql\n((?:query|mutation) (\w+)[^]*?)```/g)].map(([, text, name]) => [
    name!,
    text!,
  ]),
)

describe('the documents of docs/graphql.md', () => {
  const open = sharedCodeHouse()
  let ask: Ask
  let shop: Shop
  let first: CandidateView
  let fix: string

  before(async () => {
    ask = askGraph(open())
    shop = await open().shop()
    first = await shop.cut({ release: '1.0.0' })
    fix = shop.repository.commit('fix: a leak (#4)', { 'leak.txt': 'none\n' })
  })

  /** What each is asked with, in this order, and the type that a mutation answers. */
  const asked = (): [name: string, variables: object, answers?: string][] => {
    const project = shop.project.key
    const place = { project, environment: 'production' }
    const deployed = (version: string) => ({ ...place, releaseCandidateVersion: version })
    return [
      ['Cut', { input: { project, releaseCandidateVersion: '1.1.0-rc1' } }, 'CutReleasePayload'],
      ['Deploy', { input: deployed('1.0.0-rc1') }, 'CreateDeploymentPayload'],
      ['Report', { input: { ...deployed('1.0.0-rc1'), status: 'SUCCESS' } }, 'UpdateDeploymentStatusPayload'],
      ['Dashboard', { project }],
      ['Anything', { id: showId('candidate', first.id) }],
      ['Changelog', { project, version: '1.1.0-rc1' }],
      ['Where', { project, commit: fix }],
      ['Report', { input: { ...deployed('1.1.0-rc1'), status: 'SUCCESS' } }, 'UpdateDeploymentStatusPayload'],
      ['Back', { input: { ...place, reason: 'it leaks' } }, 'RollbackEnvironmentPayload'],
      ['Pick', { input: { project, commit: fix, base: '1.0.0-rc1' } }, 'CherryPickPayload'],
    ]
  }

  test('each is answered as it stands', async (t: TestContext) => {
    const run = asked()
    t.assert.deepEqual(new Set(run.map(([name]) => name)), new Set(documents.keys()))
    for (const [name, variables, answers] of run) {
      const text = documents.get(name)!
      const typed = answers ? text.replace(/(\(input: \$input\) \{)/, '$1 __typename') : text
      const data = await mustAnswer(ask(typed, variables))
      if (answers) {
        const [result] = Object.values(data) as { __typename: string }[]
        t.assert.equal(result!.__typename, answers, `${name}: ${JSON.stringify(result)}`)
      } else
        t.assert.ok(
          Object.values(data).every((value) => value !== null),
          name,
        )
    }
  })

  test('every mutation is in its table', async (t: TestContext) => {
    const { __schema } = await mustAnswer(ask('{ __schema { mutationType { fields { name } } } }'))
    const missing = __schema.mutationType.fields.filter(
      ({ name }: { name: string }) => !page.includes(`\`${name}\``),
    )
    t.assert.deepEqual(missing, [])
  })
})
