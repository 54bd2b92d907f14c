import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { reportedStatusNames } from '#domain/reported-status.ts'
import { openDesk } from './open-desk.ts'

interface Deployment {
  id: number
  release_candidate_version: string
  status: string
  deploy_end_at: string | null
}

const ends: readonly string[] = ['success', 'failure', 'canceled', 'error']
const begins: readonly string[] = ['pending', 'in_progress']

test('whatever is reported in whatever order is what the list shows', async (t: TestContext) => {
  const { call, open } = await openDesk(t)
  const names = Array.from({ length: 13 }, (_, index) => `place-${index}`)
  const project = await open({ environments: names.map((name) => ({ name })) })
  const commit = project.commit()
  const versions = ['1.0.0-rc1', '1.0.0-rc2']
  for (const version of versions) await project.create(version, commit)

  const reports = fc.array(
    fc.record({ version: fc.constantFrom(...versions), status: fc.constantFrom(...reportedStatusNames) }),
    { minLength: 1, maxLength: 12 },
  )
  const law = fc.asyncProperty(reports, async (all) => {
    const path = project.deployments(names.pop())
    /** What the list has to show, oldest first. */
    const told: { version: string; status: string }[] = []
    for (const { version, status } of all) {
      const answer = await call('PATCH', path, { json: { release_candidate_version: version, status } })
      t.assert.equal(answer.status, 200)
      const newest = told.findLast((one) => one.version === version)
      if (!newest || (ends.includes(newest.status) && begins.includes(status))) told.push({ version, status })
      else newest.status = status
    }
    const shown = (await call('GET', `${path}?per_page=100`)).body as Deployment[]
    t.assert.deepEqual(
      shown.map((one) => ({ version: one.release_candidate_version, status: one.status })),
      told.toReversed(),
    )
    for (const { status, deploy_end_at } of shown)
      t.assert.equal(deploy_end_at !== null, ends.includes(status), status)
  })
  await fc.assert(law, { numRuns: 12, endOnFailure: true })
})

test('reports and requests that come at once make one deployment', async (t: TestContext) => {
  const { call, open } = await openDesk(t)
  const project = await open()
  await project.create('1.0.0-rc1')
  const json = { release_candidate_version: '1.0.0-rc1', status: 'in_progress' }
  const methods = ['PATCH', 'POST', 'PATCH', 'POST', 'PATCH', 'POST']
  const answers = await Promise.all(methods.map((method) => call(method, project.deployments(), { json })))
  t.assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 201, 200, 201, 200, 201],
  )
  t.assert.equal(new Set(answers.map(({ body }) => (body as Deployment).id)).size, 1)
})
