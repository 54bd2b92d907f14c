import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { TreeError } from '#catalogue/infra/file-tree.ts'
import { readFolder } from '#catalogue/infra/read-folder.ts'
import { readGitTree } from '#catalogue/infra/read-git-tree.ts'
import { smallRepository } from '../code/small-repository.ts'

const files = {
  'stack.json': '{}',
  'service/instances/api.json': '{ "kind": "service" }',
  'service/instances/b\u00e9.json': Buffer.from([0, 255, 10, 13]),
  'z.txt': '',
}

function smallFolder(t: Pick<TestContext, 'after'>, content: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-tree-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, bytes] of Object.entries(content)) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return folder
}

test('the same files have the same digest in a folder and in git, and other files another', async (t: TestContext) => {
  const folder = smallFolder(t, {
    ...files,
    '.git/config': 'no file of anybody',
    'a/.terraform/x': 'nor this',
  })
  const repository = smallRepository(t)
  const inRoot = repository.commit({ message: 'a', files })
  const below = Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [`infra/blue/${path}`, bytes]),
  )
  const inFolder = repository.commit({ message: 'b', files: { ...below, 'README.md': 'x' } })
  const one = await readFolder(folder)
  const two = await readGitTree(repository.mirror, inRoot, '')
  const three = await readGitTree(repository.mirror, inFolder, '/infra/blue/')
  deepEqual([two.digest, three.digest], [one.digest, one.digest])
  deepEqual([...three.files.keys()], [...one.files.keys()])
  deepEqual(
    Buffer.from(three.files.get('service/instances/b\u00e9.json')!.bytes),
    Buffer.from([0, 255, 10, 13]),
  )
  const other = repository.commit({ message: 'c', files: { 'infra/blue/z.txt': 'z' } })
  notEqual((await readGitTree(repository.mirror, other, 'infra/blue')).digest, one.digest)
})

test('a folder that did not change is not made anew, and a change of equal length is seen', async (t: TestContext) => {
  const folder = smallFolder(t, files)
  const one = await readFolder(folder)
  for (let at = 0; at < 3; at += 1) equal(await readFolder(folder), one)
  writeFileSync(join(folder, 'stack.json'), '[]')
  const two = await readFolder(folder)
  notEqual(two.digest, one.digest)
  rmSync(join(folder, 'z.txt'))
  equal((await readFolder(folder)).files.has('z.txt'), false)
})

test('links and submodules are not followed, and are told', async (t: TestContext) => {
  const folder = smallFolder(t, { 'a.json': '{}' })
  symlinkSync('/etc/passwd', join(folder, 'passwd.json'))
  symlinkSync('/etc', join(folder, 'etc'))
  const tree = await readFolder(folder)
  deepEqual([...tree.files.keys()], ['a.json'])
  deepEqual(tree.refused.map(({ path }) => path).toSorted(), ['etc', 'passwd.json'])
  const repository = smallRepository(t)
  const sha = repository.commit({
    message: 'a',
    files: { 'a.json': '{}', 'passwd.json': { link: '/etc/passwd' }, sub: { submodule: 'a'.repeat(40) } },
  })
  const inGit = await readGitTree(repository.mirror, sha, '')
  equal(inGit.digest, tree.digest)
  deepEqual(inGit.refused, [
    { path: 'passwd.json', reason: 'it is a link' },
    { path: 'sub', reason: 'it is a submodule' },
  ])
})

test('a folder that is not there is said to be missing, wherever it was looked for', async (t: TestContext) => {
  const folder = smallFolder(t, files)
  const repository = smallRepository(t)
  const sha = repository.commit({ message: 'a', files: { 'a/b.txt': 'b' } })
  const missing = (error: unknown) => error instanceof TreeError && error.reason === 'missing'
  await rejects(readFolder(join(folder, 'nowhere')), missing)
  await rejects(readFolder(join(folder, 'stack.json')), missing)
  for (const name of ['nowhere', '../a', 'a/b.txt', 'a\0b', '-p', ':a', 'a/../a'])
    await rejects(readGitTree(repository.mirror, sha, name), missing, name)
})

test('a file that is too large is refused, and the rest is read', async (t: TestContext) => {
  const folder = smallFolder(t, { 'a.json': '{}', 'big.json': Buffer.alloc(4 * 1024 * 1024 + 1, 32) })
  const tree = await readFolder(folder)
  deepEqual([...tree.files.keys()], ['a.json'])
  match(tree.refused[0]!.reason, /larger than 4 MiB/)
})
