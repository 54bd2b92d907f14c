import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { referencedVariables } from '#cli/referenced-variables.ts'
import { readConfig } from '../../src/config.ts'
import { openHouse as open } from '../../src/main.ts'
import { freshPlace } from '../fresh-store.ts'
import { openHouse } from '../open-house.ts'

const main = join(import.meta.dirname, '../../src/main.ts')
const yaml =
  'users:\n  - { email: ada@example.com, password: { env: ADA_PASSWORD } }\nprojects:\n  - { key: site, kind: content, content: { api_key: blt0123456789abcdef } }\n'

/** The command as a person runs it. */
function headgate(
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  })
}

async function yamlFile(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-apply-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'site.yaml')
  await writeFile(file, text)
  return file
}

test('headgate apply prints the diff, and nothing when nothing changed', async (t: TestContext) => {
  const { url, credentials } = await openHouse(t)
  const file = await yamlFile(t, yaml)
  const env = { HEADGATE_URL: url, HEADGATE_TOKEN: credentials.token, ADA_PASSWORD: 'correct horse' }
  const dry = await headgate(['apply', '-f', file, '--dry-run'], env)
  t.assert.match(dry.out, /^\+ project site\n/)
  t.assert.deepEqual(await headgate(['apply', '-f', file], env), { ...dry, code: 0 })
  t.assert.deepEqual(await headgate(['apply', '-f', file], env), { code: 0, out: '', err: '' })
  const signedIn = await fetch(`${url}/headgate/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse' }),
  })
  t.assert.equal(signedIn.status, 201)
})

test('headgate apply says what is wrong, and fails', async (t: TestContext) => {
  const { url, credentials } = await openHouse(t)
  const file = await yamlFile(t, yaml)
  const env = { HEADGATE_URL: url, HEADGATE_TOKEN: credentials.token }
  const said: [string[], NodeJS.ProcessEnv, RegExp][] = [
    [['-f', file], env, /^site\.yaml:2: .*ADA_PASSWORD/m],
    [['-f', `${file}.none`], env, /ENOENT/],
    [['-f', file], { ...env, ADA_PASSWORD: 'x'.repeat(8), HEADGATE_TOKEN: 'wrong' }, /token/],
    [['-f', file], { HEADGATE_URL: url }, /HEADGATE_TOKEN/],
    [
      ['-f', file],
      { ...env, HEADGATE_URL: 'http://127.0.0.1:1' },
      /No server answers at http:\/\/127\.0\.0\.1:1/,
    ],
    [[], env, /--file/],
  ]
  for (const [args, given, pattern] of said) {
    const { code, out, err } = await headgate(['apply', ...args], given)
    t.assert.deepEqual([code, out], [1, ''], err)
    t.assert.match(err, pattern)
    t.assert.ok(!err.includes('    at '), err)
  }
})

test('only the variables that the file names leave the machine', (t: TestContext) => {
  const text =
    'a: { env: ONE }\nb:\n  env: TWO\nc: { env: UNSET }\nd: { env: THREE, more: 1 }\ne: env\n# { env: FOUR }\nf: { env: [FIVE] }\n'
  const env = { ONE: '1', TWO: '2', THREE: '3', FOUR: '4', FIVE: '5', PATH: '/bin' }
  t.assert.deepEqual(referencedVariables(text, env), { ONE: '1', TWO: '2' })
})

test('the file of HEADGATE_CONFIG is applied at the start, which then makes no admin of its own', async (t: TestContext) => {
  const place = await freshPlace()
  t.after(() => place.remove())
  const file = await yamlFile(t, yaml.replace('{ env: ADA_PASSWORD }', 'correct-horse'))
  const start = (HEADGATE_CONFIG: string) =>
    open(
      readConfig({
        ...{
          HEADGATE_PORT: '0',
          HEADGATE_LOG_LEVEL: 'fatal',
          HEADGATE_DATA_DIR: place.dataDir,
          HEADGATE_CONFIG,
        },
        ...{ DATABASE_URL: place.databaseUrl, HEADGATE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64') },
      }),
    )
  for (let n = 0; n < 2; n += 1) {
    const house = await start(file)
    t.assert.equal(house.credentials, undefined)
    const projects = await house.house.db.selectFrom('project').select('key').execute()
    t.assert.deepEqual(projects, [{ key: 'site' }])
    await house.close()
  }
  await t.assert.rejects(
    start(await yamlFile(t, 'projects:\n  - { kye: site }\n')),
    /site\.yaml:2: projects\.0\.kye is no key/,
  )
  await t.assert.rejects(start(`${file}.none`), /cannot be read: ENOENT/)
})
