import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { makeBackup } from '#app/backup/make-backup.ts'
import { restoreBackup, type RestoreInto } from '#app/backup/restore-backup.ts'
import { publicKeyOf, signMessage } from '#app/webhooks/signing-key.ts'
import { createProject } from '#app/projects/create-project.ts'
import { createRelease } from '#app/releases/create-release.ts'
import { verifyChain } from '#events/verify-chain.ts'
import { openVault } from '#ground/encryption.ts'
import { sealAll } from '../events/seal-all.ts'
import { testStore } from '../fresh-store.ts'
import { someone } from '../identity/people.ts'
import { smallHouse } from '../small-house.ts'
import { backupOf, closed, emptyStore, entriesOf, packed, rowsIn, rowsOf, type Entry } from './archives.ts'

const kinds = testStore === 'postgres' ? (['postgres', 'embedded'] as const) : (['embedded'] as const)

const reading = (archive: Buffer) => () => Readable.from([archive])

async function filled(t: TestContext) {
  const { house, ctx, clock } = await smallHouse(t)
  const dataDir = join(process.env.TMPDIR ?? '/tmp', `headgate-spool-${randomBytes(6).toString('hex')}`)
  await someone(ctx, 'admin', null)
  const { id: project_id } = await createProject(ctx, { key: 'shop', name: 'Shöp “\u2028”', kind: 'content' })
  for (let n = 0; n < 30; n += 1)
    await createRelease(ctx, { project_id, branch: 'main', name: `release ${n}` })
  // What a careless copy would change: null in JSON, a number past 2^53, microseconds, a plan of some megabytes.
  await sql`update project set annotations = 'null'::jsonb where key = 'shop'`.execute(house.db)
  await sql`update release set annotations = '{"n": 12345678901234567890.123456789, "x": [null, "a\\nb"]}'::jsonb,
    updated_at = '2026-11-21 09:00:00.123456+00' where name = 'release 7'`.execute(house.db)
  await sql`update release set description = repeat('lorem ipsum ', 300000) where name = 'release 9'`.execute(
    house.db,
  )
  const blobs: string[] = []
  for (const size of [0, 1, 70_000, 5_000_000])
    blobs.push((await house.blobs.put([randomBytes(size)])).digest)
  await sealAll(ctx.db)
  return { house, ctx, clock, project_id, blobs, folder: dataDir }
}

test(
  'a backup goes from either store to either: what an embedded store was restored to goes back to PostgreSQL',
  { skip: testStore !== 'postgres' && 'needs both stores' },
  async (t: TestContext) => {
    const { ctx, folder } = await filled(t)
    const embedded = await emptyStore(t, ctx, 'embedded')
    await restoreBackup(embedded, reading(await backupOf(ctx, folder)))
    const there = { ...ctx, db: embedded.db, blobs: embedded.blobs }
    const archive = await backupOf(there, `${folder}-embedded`)
    const back = await emptyStore(t, ctx, 'postgres')
    await restoreBackup(back, reading(archive))
    const [left, right] = [await rowsOf(embedded.db), await rowsOf(back.db)]
    for (const table of Object.keys(right))
      if (table !== 'event') t.assert.deepEqual(right[table], left[table], `every row of ${table}`)
    await sealAll(back.db)
    t.assert.partialDeepStrictEqual(await verifyChain(back.db), { whole: true, unsealed: 0 })
  },
)

const blobNames = (entries: readonly Entry[]) =>
  entries.flatMap(({ name }) => (name.startsWith('blobs/') ? [name.slice(6)] : []))

for (const kind of kinds) {
  test(`a backup made while others write is whole, and comes back row by row and blob by blob on ${kind}`, async (t: TestContext) => {
    const { ctx, project_id, blobs, folder } = await filled(t)
    const acknowledged: string[] = []
    let going = true
    const writers = [1, 2, 3].map(async (writer) => {
      for (let n = 0; going; n += 1) {
        const { digest } = await ctx.blobs.put([randomBytes(2000)])
        const name = `${writer}-${n} ${digest}`
        await createRelease(ctx, { project_id, branch: 'main', name })
        acknowledged.push(name)
      }
    })
    while (acknowledged.length < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    const before = [...acknowledged]
    const archive = await backupOf(ctx, folder)
    going = false
    await Promise.all(writers)

    const into = await emptyStore(t, ctx, kind)
    const restored = await restoreBackup(into, reading(archive))
    t.assert.equal(restored.blobs, blobNames(await entriesOf(archive)).length)
    const entries = await entriesOf(archive)
    const rows = await rowsOf(into.db)
    const archived = rowsIn(entries, Object.keys(rows))
    t.assert.equal(rows.event!.length, archived.event!.length + 1, 'that it was restored is an event')
    t.assert.deepEqual(
      rows.event!.filter((line) => !line.includes('"backup.restored"')),
      archived.event,
    )
    for (const table of Object.keys(rows))
      if (table !== 'event') t.assert.deepEqual(rows[table], archived[table], `every row of ${table}`)

    const names = (await into.db.selectFrom('release').select('name').execute()).map(({ name }) => name)
    for (const name of before) t.assert.ok(names.includes(name), `${name} was acknowledged before`)
    for (const digest of blobs) t.assert.deepEqual(await into.blobs.has(digest), true)
    // Whatever a row of the snapshot names is there, with its own bytes.
    for (const name of names.filter((each) => each.includes(' ') && /[0-9a-f]{64}/.test(each))) {
      const digest = name.split(' ')[1]!
      const hash = createHash('sha256')
      for await (const chunk of await into.blobs.open(digest)) hash.update(chunk as Buffer)
      t.assert.equal(hash.digest('hex'), digest)
    }
    await sealAll(into.db)
    t.assert.partialDeepStrictEqual(await verifyChain(into.db), {
      whole: true,
      unsealed: 0,
      length: rows.event!.length,
    })
    await createRelease({ ...ctx, db: into.db }, { project_id, branch: 'main', name: 'after' })
  })
}

test('a backup comes back into an empty store only, and only whole', async (t: TestContext) => {
  const { ctx, folder } = await filled(t)
  const key = await publicKeyOf(ctx, 'a surface')
  const archive = await backupOf(ctx, folder)
  const entries = await entriesOf(archive)
  const into = await emptyStore(t, ctx, testStore)
  for (const [what, bytes, says] of await badArchives(archive, entries))
    await t.assert.rejects(restoreBackup(into, reading(bytes)), (error: Error) => {
      t.assert.match(error.message, says, what)
      t.assert.match(error.name, /ArchiveError|RestoreError/, `${what}: ${error.stack}`)
      return true
    })
  const otherKey: RestoreInto = { ...into, vault: openVault([Buffer.alloc(32, 9)]) }
  await t.assert.rejects(restoreBackup(otherKey, reading(archive)), /another HEADGATE_SECRET_KEY/)
  const left = await rowsOf(into.db)
  t.assert.deepEqual(Object.values(left).flat(), [], 'nothing of any of them was written')

  await restoreBackup(into, reading(gzipSync(archive)))
  t.assert.ok((await rowsOf(into.db)).release!.length >= 30)
  await t.assert.rejects(restoreBackup(into, reading(archive)), /The store is not empty: there are rows in/)

  // Without the key nobody can sign as before: whoever asks is shown another, which signs.
  const fresh = await emptyStore(t, ctx, testStore)
  const without = { ...fresh, vault: otherKey.vault }
  await restoreBackup(without, reading(archive), { anyKey: true })
  const there = { ...ctx, db: fresh.db, vault: otherKey.vault }
  t.assert.notEqual(await publicKeyOf(there, 'a surface'), key)
  t.assert.ok(await signMessage(there, 'a surface', 'body'))
})

async function badArchives(good: Buffer, entries: Entry[]): Promise<[string, Buffer, RegExp][]> {
  const rows = entries.findIndex(({ name }) => name.startsWith('rows/release/'))
  const blob = entries.findIndex(({ name, bytes }) => name.startsWith('blobs/') && bytes.length > 1)
  const manifest = entries.length - 1
  const changed = (index: number, change: (bytes: Buffer) => Buffer) =>
    packed(
      entries.map((entry, n) =>
        n === index ? { ...entry, bytes: change(Buffer.from(entry.bytes)) } : entry,
      ),
    )
  const without = (index: number) => packed(entries.toSpliced(index, 1))
  const extra = (entry: Entry) => packed(entries.toSpliced(manifest, 0, entry))
  const flip = (bytes: Buffer) => {
    bytes[bytes.length >> 1]! ^= 1
    return bytes
  }
  const text = (from: RegExp, to: string) => (bytes: Buffer) =>
    Buffer.from(bytes.toString().replace(from, to))
  const bytes = Buffer.from('x')
  const zeros = Buffer.alloc(100 * 1024 * 1024)
  return [
    ['nothing', Buffer.alloc(0), /no backup of Headgate/],
    ['no archive', Buffer.from('hello, I am a text file'), /cut short or is no tar/],
    ['half of it', good.subarray(0, good.length >> 1), /cut short/],
    ['all but its end', await without(manifest), /cut short: it has no manifest/],
    ['half of its gzip', gzipSync(good).subarray(0, 5000), /no whole gzip|cut short/],
    ['another byte in a row', await changed(rows, flip), /damaged/],
    ['another byte in a blob', await changed(blob, flip), /damaged: its bytes have another digest/],
    ['a table left out', await without(rows), /not where the manifest says/],
    ['a blob left out', await without(blob), /blobs, and the manifest says/],
    ['a piece twice', await packed(entries.toSpliced(rows, 0, entries[rows]!)), /manifest/],
    ['no header', await without(0), /header is first/],
    ['a row more, and a manifest to match', await forged(entries, rows), /changed after it was made/],
    [
      'another number in the manifest',
      await changed(manifest, text(/"count":\d+/, '"count":0')),
      /blobs, and the manifest/,
    ],
    ['no JSON', await changed(manifest, () => bytes), /manifest of the archive is not one/],
    ['a later format', await changed(0, text(/"version":1/, '"version":2')), /later format/],
    ['a migration of the future', await future(entries), /changed after it was made|does not have/],
    ['a way out', await extra({ name: '../../../etc/passwd', bytes }), /has no place in a backup/],
    ['a place of its own', await extra({ name: '/etc/cron.d/x', bytes }), /has no place in a backup/],
    ['a link', await extra({ name: 'blobs/link', bytes, type: 'symlink' }), /is a symlink entry/],
    [
      'a bomb',
      gzipSync(await packed([entries[0]!, { name: 'rows/release/00000001.ndjson', bytes: zeros }])),
      /expands too much/,
    ],
  ]
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Somebody adds a row and makes the manifest say so; only the seal tells. */
function forged(entries: Entry[], index: number): Promise<Buffer> {
  const piece = entries[index]!
  const bytes = Buffer.concat([piece.bytes, Buffer.from('{}\n')])
  const end = JSON.parse(entries.at(-1)!.bytes.toString()) as {
    manifest: {
      rows: { name: string; sha256: string; bytes: number; rows: number }[]
      tables: Record<string, number>
    }
  }
  const listed = end.manifest.rows.find(({ name }) => name === piece.name)!
  Object.assign(listed, { sha256: sha256(bytes), bytes: bytes.length, rows: listed.rows + 1 })
  end.manifest.tables.release! += 1
  const said = { ...entries.at(-1)!, bytes: Buffer.from(JSON.stringify(end)) }
  return packed(entries.with(index, { ...piece, bytes }).with(-1, said))
}

function future(entries: Entry[]): Promise<Buffer> {
  const header = JSON.parse(entries[0]!.bytes.toString()) as { migrations: object[] }
  header.migrations.push({ name: '9999-tomorrow.sql', sha256: '0'.repeat(64) })
  const bytes = Buffer.from(JSON.stringify(header))
  const end = JSON.parse(entries.at(-1)!.bytes.toString()) as { manifest: { header_sha256: string } }
  end.manifest.header_sha256 = sha256(bytes)
  const said = { ...entries.at(-1)!, bytes: Buffer.from(JSON.stringify(end)) }
  return packed(entries.with(0, { ...entries[0]!, bytes }).with(-1, said))
}

test('one backup at a time; one that nobody reads on leaves nothing open', async (t: TestContext) => {
  const { ctx, folder } = await filled(t)
  const { archive } = await makeBackup(ctx, { folder })
  await t.assert.rejects(makeBackup(ctx, { folder }), { code: 'limit_reached' })
  archive.destroy()
  await closed(archive)
  t.assert.ok((await backupOf(ctx, folder)).length > 5_000_000)
})
