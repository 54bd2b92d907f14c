import { randomInt } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Readable } from 'node:stream'
import { packFolder } from '#cli/pack-folder.ts'
import { createClient } from '#client/client.ts'
import { exportFiles, writeFolder } from '../conformance/contentstack/export-folder.ts'
import { freshPlace } from '../fresh-store.ts'
import { startServer, token } from '../server-process.ts'

const rounds = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)
const chunks = 2
const perChunk = 800

/** More than one transaction's worth of entries, in several files. */
function manyFiles() {
  const files = exportFiles()
  for (let chunk = 0; chunk < chunks; chunk += 1)
    files[`entries/author/en-us/many${chunk}-entries.json`] = Object.fromEntries(
      Array.from({ length: perChunk }, (_, n) => {
        const uid = `bltmany${chunk}x${String(n).padStart(6, '0')}`
        const published = [{ environment: 'bltenvstaging000001', locale: 'en-us', version: 3, time: null }]
        return [uid, { uid, title: uid, locale: 'en-us', _version: 3, posts: [], publish_details: published }]
      }),
    )
  return files
}

test('an import that is killed again and again ends as if it had not been', async (t: TestContext) => {
  const place = await freshPlace()
  const folder = await writeFolder(t, manyFiles())
  let server = await startServer(place)
  t.after(async () => {
    await server.kill()
    await place.remove()
  })
  const client = () => createClient({ url: server.url, token })
  const { id } = await client().createImport('site', { format: 'contentstack' })
  for await (const { tar } of packFolder(folder))
    await client().sendImportFiles('site', id, Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>)
  for (let round = 0; round < rounds; round += 1) {
    const running = client()
      .continueImport('site', id)
      .catch(() => undefined)
    await sleep(randomInt(20, 400))
    await server.kill()
    await running
    server = await startServer(place)
  }
  const finished = async (of: string) => {
    let made = await client().getImport('site', of)
    while (made.state !== 'finished') made = await client().continueImport('site', of)
    return made
  }
  const made = await finished(id)
  t.assert.equal(made.counts.entry?.created, 4 + chunks * perChunk)
  t.assert.equal(made.counts.entry?.updated ?? 0, 0)
  t.assert.equal(
    made.deployments.reduce((sum, { items }) => sum + items, 0),
    8 + chunks * perChunk,
  )

  // Once everything is deployed, the same again finds nothing to do.
  const settled = async () =>
    (await client().getImport('site', id)).deployments.every(({ state }) => state === 'succeeded')
  while (!(await settled())) await sleep(100)
  const again = await client().createImport('site', { format: 'contentstack' })
  for await (const { tar } of packFolder(folder))
    await client().sendImportFiles(
      'site',
      again.id,
      Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>,
    )
  const { counts, deployments } = await finished(again.id)
  t.assert.deepEqual(counts.entry, { unchanged: 4 + chunks * perChunk })
  t.assert.deepEqual(counts.publication, { unchanged: 8 + chunks * perChunk, skipped: 1 })
  t.assert.deepEqual(deployments, [])
})
