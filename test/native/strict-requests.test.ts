import { test, type TestContext } from 'node:test'
import { openHouse } from '../open-house.ts'

const root = '/headgate/v1'

test('parameters and fields that are not known are refused, on every route', async (t: TestContext) => {
  const { ask, client } = await openHouse(t)
  await client.createProject({ key: 'site', kind: 'content' })
  const { id } = await client.createRelease('site', { name: 'One' })
  const faultOf = async (response: Response) => {
    const { faults = [] } = (await response.json()) as { faults?: { field: string; fault: string }[] }
    return [response.status, ...faults.map(({ field, fault }) => `${field} ${fault}`)]
  }
  for (const path of [
    '/live',
    '/session',
    '/projects',
    '/projects/site',
    `/releases/${id}`,
    '/audit/verify',
    '/openapi.json',
  ])
    t.assert.deepEqual(await faultOf(await ask(`${root}${path}?no=1`)), [422, 'query.no unknown'], path)
  const fields = { no: 1 }
  t.assert.deepEqual(await faultOf(await ask(`${root}/releases/${id}`, { method: 'PATCH', json: fields })), [
    422,
    'no unknown',
  ])
  // Where nothing is taken, an empty object is nothing.
  for (const [json, status] of [
    [fields, 422],
    [[1], 422],
    ['x', 422],
    [{}, 200],
  ] as const)
    t.assert.equal((await ask(`${root}/releases/${id}/lock`, { method: 'PUT', json })).status, status)
  t.assert.equal((await ask(`${root}/releases/${id}`, { method: 'DELETE', json: fields })).status, 422)
})

test('the pages of a list stay whole while others write to it', async (t: TestContext) => {
  const { client } = await openHouse(t)
  await client.createProject({ key: 'site', kind: 'content' })
  const before: string[] = []
  for (let n = 0; n < 7; n += 1) before.push((await client.createRelease('site', { name: `${n}` })).id)
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await client.listReleases('site', { limit: 2, ...(after ? { after } : {}) })
    seen.push(...page.items.map(({ id }) => id))
    after = page.next ?? undefined
    await client.createRelease('site', { name: 'meanwhile' })
  } while (after)
  t.assert.deepEqual(seen, before.toReversed())
})
