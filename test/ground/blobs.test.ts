import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { BlobMissingError, BlobTooLargeError } from '#ground/blobs.ts'

const now = new Date()

async function freshBlobs(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-blobs-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return { folder, blobs: await openBlobFolder(folder, now) }
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('bytes come back as they went in, under their digest', async (t: TestContext) => {
  const { folder, blobs } = await freshBlobs(t)
  for (const bytes of [Buffer.alloc(0), Buffer.from('one'), randomBytes(300_000)]) {
    const stored = await blobs.put(Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]))
    t.assert.deepStrictEqual(stored, { digest: digestOf(bytes), size: bytes.length })
    t.assert.ok(await blobs.has(stored.digest))
    t.assert.deepStrictEqual(await buffer(await blobs.open(stored.digest)), bytes)
    t.assert.deepStrictEqual(
      await readFile(join(folder, stored.digest.slice(0, 2), stored.digest.slice(2))),
      bytes,
    )
  }
  t.assert.deepStrictEqual(await readdir(join(folder, 'incoming')), [])
})

test('a range is read without the rest', async (t: TestContext) => {
  const { blobs } = await freshBlobs(t)
  const { digest } = await blobs.put([Buffer.from('0123456789')])
  t.assert.strictEqual((await buffer(await blobs.open(digest, { start: 2, end: 4 }))).toString(), '234')
  t.assert.strictEqual((await buffer(await blobs.open(digest, { start: 8 }))).toString(), '89')
})

test('the same bytes at the same time are one blob', async (t: TestContext) => {
  const { folder, blobs } = await freshBlobs(t)
  const bytes = randomBytes(50_000)
  const stored = await Promise.all(Array.from({ length: 8 }, () => blobs.put([bytes])))
  t.assert.strictEqual(new Set(stored.map(({ digest }) => digest)).size, 1)
  t.assert.strictEqual((await readdir(join(folder, digestOf(bytes).slice(0, 2)))).length, 1)
})

test('what is too large, or breaks off, is not kept', async (t: TestContext) => {
  const { folder, blobs } = await freshBlobs(t)
  await t.assert.rejects(blobs.put([Buffer.alloc(6), Buffer.alloc(5)], { mostBytes: 10 }), (error) => {
    return error instanceof BlobTooLargeError && error.mostBytes === 10
  })
  await blobs.put([Buffer.alloc(10)], { mostBytes: 10 })
  async function* breaksOff() {
    yield Buffer.from('half')
    throw new Error('the line went dead')
  }
  await t.assert.rejects(blobs.put(breaksOff()), /the line went dead/)
  t.assert.strictEqual(await blobs.has(digestOf(Buffer.from('half'))), false)
  t.assert.deepStrictEqual(await readdir(join(folder, 'incoming')), [])
})

test('what is not there is missing before its first byte, whatever it is called', async (t: TestContext) => {
  const { blobs } = await freshBlobs(t)
  for (const digest of ['0'.repeat(64), '', '../../etc/passwd', `${'a'.repeat(63)}/`, 'A'.repeat(64)]) {
    t.assert.strictEqual(await blobs.has(digest), false)
    await t.assert.rejects(blobs.open(digest), BlobMissingError)
  }
  const { digest } = await blobs.put([Buffer.from('gone soon')])
  await blobs.remove(digest)
  await blobs.remove(digest)
  await t.assert.rejects(blobs.open(digest), BlobMissingError)
})

test('uploads that a dead process left are swept out, those under way are not', async (t: TestContext) => {
  const { folder } = await freshBlobs(t)
  const [old, young] = [join(folder, 'incoming', 'old'), join(folder, 'incoming', 'young')]
  await writeFile(old, 'half')
  await writeFile(young, 'half')
  const twoDaysAgo = new Date(now.getTime() - 2 * 24 * 3600 * 1000)
  await utimes(old, twoDaysAgo, twoDaysAgo)
  await openBlobFolder(folder, now)
  t.assert.deepStrictEqual(await readdir(join(folder, 'incoming')), ['young'])
})
