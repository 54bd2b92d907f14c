import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Candidate } from '#api/candidate.ts'
import { createClient } from '#client/client.ts'
import { codeRepository } from '../code-repository.ts'
import { waitUntil } from '../engine/wait-until.ts'
import { freshPlace } from '../fresh-store.ts'
import { startServer, token, type ServerProcess } from '../server-process.ts'

const rounds = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)

const configuration = (url: string) => `
users: [{ email: ada@example.com, name: Ada, role: admin, password: recovery-password }]
tokens: [{ name: ci, user: ada@example.com, secret: ${token}, scopes: ['*'] }]
projects:
  - key: shop
    kind: code
    code: { repository: { name: acme/shop, url: ${url} }, push: true }
    environments: [{ name: production }]
`

test(`killed ${rounds} times while commits are picked, each is picked once and its branches are there`, async (t: TestContext) => {
  const place = await freshPlace()
  const folder = await mkdtemp(join(tmpdir(), 'headgate-recovery-pick-'))
  const repository = codeRepository()
  let server: ServerProcess | undefined
  t.after(async () => {
    await server?.kill()
    await place.remove()
    repository.remove()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const file = join(folder, 'headgate.yaml')
  await writeFile(file, configuration(repository.url))
  const start = async () => {
    server = await startServer(place, [], { HEADGATE_CONFIG: file })
    return createClient({ url: server.url, token })
  }

  repository.commit('feat: begin', { 'a.txt': 'one\ntwo\nthree\n' })
  let client = await start()
  const bases: string[] = []
  for (let round = 0; round < rounds; round += 1)
    bases.push((await client.cut('shop', { release: `1.${round}.0` })).version)
  repository.commit('change', { 'a.txt': 'one\nsecond\nthree\n' })
  const fix = repository.commit('Fix it (#3)', { 'a.txt': 'one\nsecond, fixed\nthree\n' })
  const clean = repository.commit('Add it (#4)', { 'b.txt': 'b\n' })

  // Every other one is in conflict. The process dies at once, or somewhere on the way.
  const sources = bases.map((_, round) => (round % 2 === 0 ? clean : fix))
  const asked: string[] = []
  for (const [round, base] of bases.entries()) {
    const { items } = await client.pick('shop', { base, commit: sources[round]! })
    asked.push(items[0]!.candidate!.id)
    await sleep((round * 211) % 700)
    await server!.kill()
    client = await start()
    // Whoever was not answered asks again, and gets what is there.
    const again = await client.pick('shop', { base, commit: sources[round]! }).catch(() => undefined)
    if (again)
      t.assert.ok(again.items[0]!.candidate === null || again.items[0]!.candidate.id === asked[round])
  }
  const found: Candidate[] = []
  for (const id of asked) {
    await waitUntil(async () => (await client.getCandidate(id)).state !== 'picking', `the pick of ${id}`)
    found.push(await client.getCandidate(id))
  }
  for (const [round, { version, state, commit }] of found.entries()) {
    const clashed = sources[round] === fix
    t.assert.deepEqual([version, state], [`1.${round}.0-rc2`, clashed ? 'conflicted' : 'ready'])
    const branch = `aviator/${version}`
    if (!clashed) t.assert.equal(repository.head(branch), commit)
    else {
      const text = repository.git('show', `aviator/cherry-pick-${version}-PR3:a.txt`)
      t.assert.match(text, /^<{9} Base content\ntwo\n={9}\nsecond, fixed\n>{9} Cherry-pick content$/m)
      t.assert.equal(repository.head(branch), repository.head('main~3'))
    }
  }
  const { items } = await client.listCandidates('shop', { limit: 100 })
  t.assert.equal(items.length, 2 * rounds, 'one candidate for each pick')
  const runs = await client.listRuns('shop', { limit: 100 })
  t.assert.deepEqual(
    runs.items.map(({ kind, state }) => `${kind} ${state}`),
    asked.map(() => 'pick succeeded'),
  )
})
