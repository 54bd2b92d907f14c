import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { MadePlan } from '#executors/contract.ts'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { made, openSmallBench, rememberedOf, stopAt, type Resource } from './small-bench.ts'

const task = (name: string, command: string): Resource => ({ key: `task/${name}`, spec: { command } })
const thing: Resource = { key: 'thing/a', spec: { says: 'hello' } }
const failure = (plan: MadePlan) => (plan.state === 'failed' ? plan : { code: plan.state, detail: '' })

test('what was done before something broke is told from what was not', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const after: Resource = { key: 'thing/late', spec: { of: '${task.bad.out.attributes.id}' } }
  const planned = made(await bench.plan([task('good', 'true'), task('bad', 'echo so be it; exit 3'), after]))
  const ending = await bench.apply(planned)
  t.assert.ok(ending.state === 'failed')
  t.assert.equal(ending.code, 'apply_failed')
  t.assert.match(ending.detail, /local-exec provisioner error \(task\/0\.1\/main\.tf:\d+, module\.task__bad/)
  t.assert.equal(ending.untouched, undefined)
  const results = ending.items?.map(({ key, outcome, code }) => [key, outcome, code])
  t.assert.deepEqual(results, [
    ['task/good', 'done', undefined],
    ['task/bad', 'failed', 'apply_failed'],
    ['thing/late', 'failed', 'not_begun'],
  ])
  t.assert.match(bench.log.join('\n'), /module\.task__bad\.terraform_data\.this: \(local-exec\): so be it/)
  // It is tainted: to be destroyed and made again, which again has to be allowed.
  const { changes } = made(await bench.plan([task('good', 'true'), task('bad', 'true'), after])).made
  const fault = changes.find(({ key }) => key === 'task/bad')?.fault
  t.assert.match(fault?.reason ?? '', /would destroy .* \(tainted: what made it broke off/)
  const again = made(
    await bench.plan([task('good', 'true'), task('bad', 'true'), after], { allow_destroy: true }),
  )
  t.assert.equal(again.made.effects.find(({ item_key }) => item_key === 'task/bad')?.action, 'replace')
  t.assert.equal((await bench.apply(again)).state, 'succeeded')
})

test('an apply that is canceled ends what it was at, saves the state and lets go of the lock', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t, { graceMs: 20_000 })
  const planned = made(await bench.plan([task('long', 'echo begun; exec sleep 300')]))
  const ending = await bench.apply(planned, stopAt(/begun/))
  t.assert.deepEqual(ending, { state: 'stopped' })
  t.assert.equal(bench.state.lock, undefined)
  t.assert.match(JSON.stringify(bench.state.state), /"status":"tainted"/, 'what was begun is known')
  t.assert.deepEqual(bench.left(), [])
})

test('a plan that is canceled leaves nothing', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const { made: plan } = await bench.plan([thing], stopAt(/Initializing/))
  t.assert.deepEqual(plan, { state: 'stopped' })
  const stop = AbortSignal.abort('canceled')
  t.assert.deepEqual((await bench.plan([thing], { stop })).made, { state: 'stopped' })
  const planned = made(await bench.plan([thing]))
  t.assert.deepEqual(await bench.apply(planned, { stop }), { state: 'stopped', untouched: true })
  t.assert.deepEqual(bench.left(), [])
})

test('what a module or a resource got wrong is said with its file and line', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const plan = async (...resources: Resource[]) => failure((await bench.plan(resources)).made)
  const unreadable = await plan({ key: 'broken/x', spec: {} })
  t.assert.equal(unreadable.code, 'init_failed')
  t.assert.match(unreadable.detail, /broken\/0\.1\/main\.tf line 8/)
  const unknown = await plan(thing, { key: 'thing/b', spec: { x: '${thing.a.out.attributes.nothing}' } })
  t.assert.equal(unknown.code, 'plan_failed')
  t.assert.match(
    unknown.detail,
    /Invalid index \(main\.tf\.json:\d+, module\.thing__b\.instance\.spec, .*nothing/,
  )
  const missing = await plan({ key: 'thing/b', spec: { x: '${thing.gone.out.attributes.id}' } })
  t.assert.deepEqual(missing, {
    ...{ state: 'failed', code: 'root_invalid' },
    detail: 'The resource thing/b refers to thing/gone, which is not in the release.',
  })
  const circle = await plan(
    { key: 'thing/a', spec: { x: '${thing.b.out.attributes.id}' } },
    { key: 'thing/b', spec: { x: '${thing.a.out.attributes.id}' } },
  )
  t.assert.match(circle.detail, /Cycle/)
})

test('prevent_destroy is heard, with the place where it stands', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const guarded = (generation: number): Resource => ({ key: 'guarded/g', spec: { generation } })
  await bench.release([guarded(1)])
  const refused = failure((await bench.plan([guarded(2)], { allow_destroy: true })).made)
  t.assert.equal(refused.code, 'plan_failed')
  t.assert.match(refused.detail, /Instance cannot be destroyed \(guarded\/0\.1\/main\.tf:\d+/)
})

test('a plan that something else overtook is stale, and nothing of it is done', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const [one, two] = [made(await bench.plan([thing])), made(await bench.plan([thing]))]
  t.assert.equal(await bench.executor.isCurrent?.(two.task, two.made.kept), true)
  t.assert.equal((await bench.apply(one)).state, 'succeeded')
  t.assert.equal(await bench.executor.isCurrent?.(two.task, two.made.kept), false)
  const stale = await bench.apply(two)
  t.assert.ok(stale.state === 'failed' && stale.code === 'plan_stale' && stale.untouched)
  // Terraform itself says so too, where nobody counted.
  two.made.kept.state_version = 1
  const said = await bench.apply(two)
  t.assert.ok(said.state === 'failed' && said.code === 'plan_stale' && said.untouched)
  bench.blobs.clear()
  const lost = await bench.apply(two)
  t.assert.ok(lost.state === 'failed' && lost.code === 'plan_lost' && lost.untouched)
})

test('a state that cannot be posted is kept, and said to be', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const quick = { settings: { environment: { TF_REATTACH_PROVIDERS: '{}' } } }
  const planned = made(await bench.plan([thing], quick))
  bench.state.onPost = () => 409
  const ending = await bench.apply(planned, quick)
  t.assert.ok(ending.state === 'failed' && ending.code === 'state_not_saved' && !ending.untouched)
  const blob = /blob ([0-9a-f]{64})/.exec(ending.detail)?.[1] ?? ''
  const kept = bench.blobs.get(blob)
  t.assert.equal(kept?.context, 'state e')
  t.assert.match(Buffer.from(kept?.bytes ?? []).toString(), /"module": "module\.thing__a"/)
  // What it made would be made once more.
  bench.state.onPost = () => 200
  const refused = failure((await bench.plan([thing], quick)).made)
  t.assert.equal(refused.code, 'state_not_posted')
  t.assert.match(refused.detail, new RegExp(blob))
})

test('a state that can be posted a little later is not lost, and what was done is known', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const planned = made(await bench.plan([thing]))
  let posts = 0
  bench.state.onPost = () => ((posts += 1) === 1 ? 409 : 200)
  const ending = await bench.apply(planned)
  t.assert.ok(ending.state === 'failed' && ending.code === 'apply_failed')
  t.assert.deepEqual(ending.items, [{ key: 'thing/a', outcome: 'done' }])
  t.assert.equal(rememberedOf(bench.state.state, 'thing__a').length, 1)
  bench.state.onPost = () => 200
  const again = made(await bench.plan([thing]))
  t.assert.deepEqual(again.made.effects, [])
})

test('where it cannot even be kept its folder stays, and is named', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const planned = made(await bench.plan([thing]))
  bench.state.onPost = () => 409
  bench.bench.keep = () => Promise.reject(new Error('no space left on device'))
  const ending = await bench.apply(planned)
  t.assert.ok(ending.state === 'failed' && ending.code === 'state_not_saved')
  const [folder = ''] = bench.left()
  t.assert.match(ending.detail, new RegExp(`kept, in /.*/${folder}/errored\\.tfstate on the machine`))
})

test('a lock that somebody else holds is waited for, then named', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  bench.bench.letGoOfLock = async () => undefined
  bench.state.lock = { ID: 'somebody-elses' }
  const settings = { lock_timeout_seconds: 0 }
  const refused = failure((await bench.plan([thing], { settings })).made)
  t.assert.equal(refused.code, 'state_locked')
  t.assert.match(refused.detail, /somebody-elses/)
})

test('a check says which Terraform there is, and whether it reaches the state', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const fine = await bench.check()
  t.assert.ok(fine.state === 'succeeded')
  t.assert.match(JSON.stringify(fine.result), /\/terraform"\}$/)
  t.assert.match(bench.log.join('\n'), /Terraform v1\./)
  t.assert.equal(bench.state.version, 0)
  bench.state.address = 'http://127.0.0.1:1/state'
  const away = { settings: { environment: { TF_HTTP_RETRY_MAX: '0' } } }
  const unreachable = await bench.check(away)
  t.assert.ok(unreachable.state === 'failed' && unreachable.code === 'init_failed')
  t.assert.match(unreachable.detail, /127\.0\.0\.1:1/)
  const none = await bench.check({ settings: { binary: 'no-such-terraform' } })
  t.assert.ok(none.state === 'failed' && none.code === 'terraform_missing')
})

test('without a Terraform, or with one that is killed, it says so', async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-program-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const bench = await openSmallBench(t)
  const plan = async (binary: string) => failure((await bench.plan([thing], { settings: { binary } })).made)
  const nowhere = await plan(join(folder, 'none'))
  t.assert.deepEqual(
    [nowhere.code, nowhere.detail],
    ['terraform_missing', `${join(folder, 'none')} is not there.`],
  )
  t.assert.match(
    (await plan('no-such-terraform')).detail,
    /There is no no-such-terraform in any of these folders: \//,
  )
  mkdirSync(join(folder, 'sub'))
  t.assert.equal((await plan(join(folder, 'sub'))).detail, `${join(folder, 'sub')} is no file.`)
  const program = join(folder, 'terraform')
  writeFileSync(program, 'no program at all', { mode: 0o755 })
  t.assert.equal((await plan(program)).code, 'terraform_missing')
  writeFileSync(program, '#!/bin/sh\nkill -9 $$\n')
  chmodSync(program, 0o755)
  const killed = await plan(program)
  t.assert.deepEqual(
    [killed.code, killed.detail],
    ['terraform_killed', 'Terraform was ended by SIGKILL, and not by us.'],
  )
  t.assert.deepEqual(bench.left(), [])
})
