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

test('reports', async (t: TestContext) => {
  const { call, open } = await openDesk(t)

  await t.test('whatever is reported in whatever order is what the list shows', async () => {
    const names = Array.from({ length: 13 }, (_, index) => `place-${index}`)
    const project = await open({ environments: names.map((name) => ({ name })) })
    const commit = project.commit()
    const versions = ['1.0.0-rc1', '1.0.0-rc2']
    for (const version of versions) await project.create(version, commit)

    const reports = fc.array(
      fc.record({ version: fc.constantFrom(...versions), status: fc.constantFrom(...reportedStatusNames) }),
      { minLength: 1, maxLength: 8 },
    )
    const law = fc.asyncProperty(reports, async (all) => {
      const path = project.deployments(names.pop())
      /** What the list has to show, oldest first. */
      const told: { version: string; status: string }[] = []
      for (const { version, status } of all) {
        const answer = await call('PATCH', path, { json: { release_candidate_version: version, status } })
        t.assert.equal(answer.status, 200)
        const newest = told.findLast((one) => one.version === version)
        if (!newest || (ends.includes(newest.status) && begins.includes(status)))
          told.push({ version, status })
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
    await fc.assert(law, { numRuns: 8, endOnFailure: true })
  })

  await t.test('reports and requests that come at once make one deployment', async () => {
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

  await t.test(
    'whoever deploys, reports and rolls back at once is answered, and one rollback is under way',
    async () => {
      const project = await open()
      const commit = project.commit()
      const versions = ['1.0.0-rc1', '1.0.0-rc2', '1.0.0-rc3']
      for (const version of versions) await project.create(version, commit)
      const report = (release_candidate_version: string, status: string) =>
        call('PATCH', project.deployments(), { json: { release_candidate_version, status } })
      for (const version of versions) await report(version, 'success')

      const asked = Array.from({ length: 24 }, (_, index) => {
        const release_candidate_version = versions[index % 3]!
        if (index % 4 === 0) return call('POST', project.rollback())
        if (index % 4 === 1)
          return call('POST', project.deployments(), { json: { release_candidate_version } })
        return report(release_candidate_version, index % 4 === 2 ? 'in_progress' : 'success')
      })
      const statuses = new Set((await Promise.all(asked)).map(({ status }) => status))
      // Refused is only what a rollback led away from.
      for (const status of statuses) t.assert.ok([200, 201, 409].includes(status), String(status))

      // What is under way after a last rollback is that one alone.
      t.assert.equal((await call('POST', project.rollback())).status, 201)
      const shown = (await call('GET', `${project.deployments()}?per_page=100`)).body as { status: string }[]
      const active = shown.filter(({ status }) => ['pending', 'in_progress', 'canceling'].includes(status))
      t.assert.equal(active.length, 1)
      t.assert.equal(active[0], shown[0])
    },
  )
})
