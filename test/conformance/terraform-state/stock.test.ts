import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { forceUnlock } from '#app/state/force-unlock.ts'
import { stateOf as markOf } from '#app/state/state-of.ts'
import { terraformOrSkip } from '../../infra-house.ts'
import { lockInfo, sharedStateHouse, state, type StatePlace } from './state-house.ts'

const shared = sharedStateHouse()

/** Whichever there is: they speak one language. */
const binary = ['terraform', 'tofu'].find((name) => spawnSync(name, ['version']).status === 0) ?? 'terraform'

interface Ran {
  code: number | null
  said: string
}

/** A folder with a configuration of its own, and the Terraform that anybody has, told of the state by its environment. */
function workplace(
  t: TestContext,
  { path }: StatePlace,
  main = 'resource "terraform_data" "a" { input = 1 }\n',
) {
  const { url, basic } = shared()
  const folder = mkdtempSync(join(tmpdir(), 'stock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (text: string) =>
    writeFileSync(join(folder, 'main.tf'), `terraform {\n  backend "http" {}\n}\n${text}`)
  write(main)
  writeFileSync(join(folder, 'cli.rc'), '')
  const [user = '', password = ''] = basic.releaser.split(':')
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: folder, TF_IN_AUTOMATION: '1', TF_INPUT: '0' },
    ...{ CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: join(folder, 'cli.rc') },
    ...{ TF_HTTP_ADDRESS: `${url}${path}`, TF_HTTP_LOCK_ADDRESS: `${url}${path}` },
    ...{ TF_HTTP_UNLOCK_ADDRESS: `${url}${path}`, TF_HTTP_RETRY_WAIT_MIN: '1', TF_HTTP_RETRY_MAX: '1' },
    ...{ TF_HTTP_USERNAME: user, TF_HTTP_PASSWORD: password },
  }
  const run = (...args: string[]) =>
    new Promise<Ran>((resolve, reject) => {
      const child = spawn(binary, args, { cwd: folder, env: { ...env, ...run.env } })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, said }))
    })
  run.env = {} as Record<string, string>
  return { folder, write, run }
}

const serialOf = async ({ environment }: StatePlace) => (await markOf(shared().house, environment.id)).serial

test('stock Terraform keeps its state here: init, plan, apply, destroy', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const place = await shared().stateOf()
  const { run, write } = workplace(t, place)
  const ok = async (...args: string[]) => {
    const { code, said } = await run(...args)
    t.assert.ok(code === 0, said)
    return said
  }
  await ok('init', '-no-color')
  t.assert.match(await ok('plan', '-no-color', '-out=p'), /1 to add/)
  t.assert.equal(await serialOf(place), null, 'a plan writes nothing')
  await ok('apply', '-no-color', 'p')
  const first = await serialOf(place)
  t.assert.match(await ok('plan', '-no-color'), /No changes/)
  write('resource "terraform_data" "a" { input = 2 }\n')
  await ok('apply', '-no-color', '-auto-approve')
  t.assert.ok((await serialOf(place))! > first!)
  t.assert.match(await ok('state', 'pull'), /"input"/)
  t.assert.match(await ok('destroy', '-no-color', '-auto-approve'), /1 destroyed/)
  const left = (await (await place.ask('GET')).json()) as { resources: unknown[] }
  t.assert.deepEqual(left.resources, [])
})

test('of two Terraforms one waits for the other, or says who is at it', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const place = await shared().stateOf()
  const { run } = workplace(t, place)
  t.assert.equal((await run('init')).code, 0)
  await place.lock('held-by-somebody')
  const refused = await run('plan', '-no-color')
  t.assert.equal(refused.code, 1)
  t.assert.match(refused.said, /held-by-somebody/)
  const waiting = run('apply', '-no-color', '-auto-approve', '-lock-timeout=20s')
  const waited = await Promise.all([waiting, place.ask('UNLOCK', { body: lockInfo('held-by-somebody') })])
  t.assert.ok(waited[0].code === 0, waited[0].said)
  const both = await Promise.all([
    run('apply', '-no-color', '-auto-approve', '-lock-timeout=30s', '-replace=terraform_data.a'),
    run('apply', '-no-color', '-auto-approve', '-lock-timeout=30s', '-replace=terraform_data.a'),
  ])
  t.assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ said }) => said).join('\n'),
  )
})

test('force-unlock breaks no lock, and unlocking by its id here does', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { stateOf, ctx } = shared()
  const place = await stateOf()
  const { run } = workplace(t, place)
  t.assert.equal((await run('init')).code, 0)
  await place.lock('lock-of-a-dead-machine')
  for (const id of ['lock-of-a-dead-machine', 'whatever'])
    t.assert.equal((await run('force-unlock', '-force', id)).code, 1)
  t.assert.equal((await run('plan')).code, 1)
  const { id: environment_id, project_id } = place.environment
  await forceUnlock(ctx, { project_id, environment_id, lock_id: 'lock-of-a-dead-machine' })
  t.assert.equal((await run('plan')).code, 0)
})

test('a state that could not be written is kept by Terraform, and pushed later', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const place = await shared().stateOf()
  const { run, folder } = workplace(t, place)
  t.assert.equal((await run('init')).code, 0)
  // Somewhere the state cannot be written to; it is read, and locked, where it is.
  const { basic } = shared()
  t.assert.equal((await run('apply', '-auto-approve')).code, 0)
  const before = await serialOf(place)
  run.env = { TF_HTTP_UPDATE_METHOD: 'PATCH' }
  const failed = await run('apply', '-no-color', '-auto-approve', '-replace=terraform_data.a')
  t.assert.equal(failed.code, 1)
  t.assert.ok(existsSync(join(folder, 'errored.tfstate')), failed.said)
  t.assert.equal(await serialOf(place), before)
  run.env = {}
  const pushed = await run('state', 'push', 'errored.tfstate')
  t.assert.ok(pushed.code === 0, pushed.said)
  t.assert.ok((await serialOf(place))! > before!)
  t.assert.match((await run('plan', '-no-color')).said, /No changes/)
  t.assert.equal(await place.post(state(before!), undefined, basic.releaser), 409)
})

test('Terraform says so where the credentials are wrong', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const { run } = workplace(t, await shared().stateOf())
  run.env = { TF_HTTP_PASSWORD: 'nonsense' }
  const { code, said } = await run('init', '-no-color')
  t.assert.equal(code, 1)
  t.assert.match(said, /requires auth/)
})
