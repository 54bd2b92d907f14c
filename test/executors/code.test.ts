import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { cancelDeployment } from '#app/deployments/cancel-deployment.ts'
import { cancelRun } from '#app/runs/cancel-run.ts'
import { findCodeProject } from '#app/projects/find-code-project.ts'
import { readLog } from '#app/logs/read-log.ts'
import { verifySignature } from '#ground/signatures.ts'
import { codeRepository } from '../code-repository.ts'
import { sharedCodeHouse, until, type CodeHouse } from '../code-house.ts'
import { exampleOf } from './example-of.ts'
import { serve } from '../ground/receiver.ts'
import { isAlive } from './command/command-house.ts'
import { secret } from './webhook/webhook-house.ts'

interface Message {
  type: string
  signed: boolean
  callback: { url: string; token: string }
  candidate: { previous: object | null }
}

type Subject = { deployment_id: string } | { run_id: string }

function logOf({ ctx }: CodeHouse, subject: Subject): Promise<string[]> {
  return readLog(ctx, { ...subject, after: 0, limit: 1000 }).then(({ lines }) =>
    lines.map(({ stream, text }) => `${stream} ${text}`),
  )
}

/** A folder with programs in it; everything they make lies beside them. */
function workbench(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-code-commands-'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return {
    folder,
    program(name: string, lines: string) {
      writeFileSync(join(folder, name), `#!/bin/sh\nset -e\ncd "${folder}"\n${lines}\n`)
      chmodSync(join(folder, name), 0o755)
      return [join(folder, name)]
    },
    has: (name: string) => existsSync(join(folder, name)),
    read: (name: string) => readFileSync(join(folder, name), 'utf8').trim(),
    variables(name: string): Record<string, string> {
      const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n')
      return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
    },
  }
}

const facts = `env | grep -E '^(AVIATOR|HEADGATE)_' | sort`

const open = sharedCodeHouse()

test('a command builds the commit, another deploys what was built, and both know what it is', async (t: TestContext) => {
  const house = open()
  const bench = workbench(t)
  const build = bench.program(
    'build.sh',
    `git --git-dir="$REPOSITORY/.git" show "$HEADGATE_COMMIT:README.md" > "$HEADGATE_CANDIDATE.built"
${facts} > "$HEADGATE_CANDIDATE.build-facts"
cp "$HEADGATE_PLAN_FILE" "$HEADGATE_CANDIDATE.build.json"
echo "built with $PASSWORD"`,
  )
  const deploy = bench.program(
    'deploy.sh',
    `cp "$HEADGATE_CANDIDATE.built" live
${facts} > "$HEADGATE_CANDIDATE.deploy-facts"
cp "$HEADGATE_PLAN_FILE" "$HEADGATE_CANDIDATE.deploy.json"
echo "$HEADGATE_CANDIDATE" >> deploys`,
  )
  const repository = codeRepository(t)
  repository.commit('feat: begin', { 'README.md': 'A shop.\n' })
  const shop = await house.shop({
    repository,
    build: {
      executor: 'command',
      command: build,
      environment: { REPOSITORY: repository.folder, PASSWORD: 'open-sesame' },
    },
    environments: [{ name: 'staging', deploy: { executor: 'command', command: deploy } }],
  })
  const one = await house.settled((await shop.cut({ version: '1.0.0-rc1' })).id)
  t.assert.strictEqual(one.state, 'ready', one.failure_detail ?? '')
  const built = {
    AVIATOR_RELEASE_CUT_ID: String(one.ordinal),
    AVIATOR_RELEASE_CANDIDATE_VERSION: '1.0.0-rc1',
    AVIATOR_RELEASE_CUT_COMMIT_HASH: one.commit_sha,
    HEADGATE_RUN_KIND: 'build',
    HEADGATE_CANDIDATE: '1.0.0-rc1',
    HEADGATE_RELEASE: '1.0.0',
    HEADGATE_COMMIT: one.commit_sha,
    HEADGATE_REPOSITORY: 'acme/shop',
    HEADGATE_PROJECT: 'shop',
  }
  const toldToBuild = bench.variables('1.0.0-rc1.build-facts')
  t.assert.partialDeepStrictEqual(toldToBuild, built)
  t.assert.ok(!('AVIATOR_DEPLOYMENT_ID' in toldToBuild || 'HEADGATE_ENVIRONMENT' in toldToBuild))
  t.assert.ok((await logOf(house, { run_id: one.build_run_id! })).includes('stdout built with •••'))

  const first = await house.ended(await shop.deploy(one, 'staging'))
  t.assert.strictEqual(first.state, 'succeeded', first.failure_detail ?? '')
  t.assert.strictEqual(bench.read('live'), 'A shop.')
  const toldFirst = bench.variables('1.0.0-rc1.deploy-facts')
  t.assert.partialDeepStrictEqual(toldFirst, {
    AVIATOR_DEPLOYMENT_ID: String(first.number),
    AVIATOR_RELEASE_CANDIDATE_VERSION: '1.0.0-rc1',
    AVIATOR_RELEASE_CUT_COMMIT_HASH: one.commit_sha,
    HEADGATE_ENVIRONMENT: 'staging',
  })
  t.assert.ok(!('HEADGATE_PREVIOUS_COMMIT' in toldFirst || 'AVIATOR_RELEASE_CUT_ID' in toldFirst))

  shop.repository.commit('fix: say more', { 'README.md': 'A larger shop.\n' })
  const two = await house.settled((await shop.cut({ version: '1.0.0-rc2' })).id)
  await house.ended(await shop.deploy(two, 'staging'))
  t.assert.strictEqual(bench.read('live'), 'A larger shop.')
  t.assert.partialDeepStrictEqual(bench.variables('1.0.0-rc2.deploy-facts'), {
    HEADGATE_PREVIOUS_COMMIT: one.commit_sha,
    HEADGATE_PREVIOUS_CANDIDATE: '1.0.0-rc1',
  })
  const { candidate } = JSON.parse(bench.read('1.0.0-rc2.deploy.json'))
  const previous = { version: '1.0.0-rc1', commit: one.commit_sha }
  t.assert.partialDeepStrictEqual(candidate, { version: '1.0.0-rc2', commit: two.commit_sha, previous })

  await house.ended(await shop.deploy(two, 'staging'))
  t.assert.strictEqual(bench.read('deploys'), '1.0.0-rc1\n1.0.0-rc2\n1.0.0-rc2', 'code is never unchanged')
})

const hanging = (name: string) => `sleep 600 &
echo "$! $$" > ${name}.pids.new && mv ${name}.pids.new ${name}.pids
echo "${name} has begun"
sleep 600`

test('canceled, a build or a deployment ends with every process it began; what it said is in the log', async (t: TestContext) => {
  const house = open()
  const bench = workbench(t)
  const shop = await house.shop({
    build: {
      executor: 'command',
      command: bench.program(
        'build.sh',
        `[ "$HEADGATE_CANDIDATE" = 1.0.0-rc2 ] || exit 0\n${hanging('build')}`,
      ),
    },
    environments: [
      {
        name: 'staging',
        deploy: { executor: 'command', command: bench.program('deploy.sh', hanging('deploy')) },
      },
    ],
  })
  const begun = async (name: string, subject: Subject) => {
    await until(
      () => logOf(house, subject),
      (log) => log.includes(`stdout ${name} has begun`),
      `${name} in the log`,
    )
    return bench.read(`${name}.pids`).split(' ').map(Number)
  }
  const one = await house.settled((await shop.cut({ version: '1.0.0-rc1' })).id)
  const deployment_id = await shop.deploy(one, 'staging')
  const deploying = await begun('deploy', { deployment_id })
  t.assert.deepStrictEqual(deploying.map(isAlive), [true, true])
  await cancelDeployment(house.ctx, { deployment_id })
  t.assert.strictEqual((await house.ended(deployment_id)).state, 'canceled')
  t.assert.deepStrictEqual(deploying.map(isAlive), [false, false])

  const two = await shop.cut({ version: '1.0.0-rc2' })
  const run_id = two.build_run_id!
  const building = await begun('build', { run_id })
  await cancelRun(house.ctx, { run_id })
  const settled = await house.settled(two.id)
  t.assert.deepStrictEqual([settled.state, building.map(isAlive)], ['build_failed', [false, false]])
})

test('what takes too long, or says that it failed, has failed and says why', async (t: TestContext) => {
  const house = open()
  const bench = workbench(t)
  const late = {
    executor: 'command',
    command: bench.program('build.sh', hanging('late')),
    timeout_seconds: 2,
  }
  const shop = await house.shop({ build: late })
  const one = await house.settled((await shop.cut({ version: '1.0.0-rc1' })).id)
  t.assert.strictEqual(one.state, 'build_failed')
  t.assert.match(one.failure_detail ?? '', /took longer than it may/)
  // A machine that is busy may have ended it before it could say who it is.
  const pids = bench.has('late.pids') ? bench.read('late.pids').split(' ').map(Number) : []
  t.assert.ok(!pids.some(isAlive))
  await t.assert.rejects(shop.deploy(one, 'staging'), { code: 'not_possible_now' })

  const broken = {
    executor: 'command',
    command: bench.program('broken.sh', 'echo no disk left >&2\nexit 3'),
  }
  const other = await house.shop({ build: broken })
  const failed = await house.settled((await other.cut({ version: '1.0.0-rc1' })).id)
  t.assert.strictEqual(failed.state, 'build_failed')
  t.assert.match(failed.failure_detail ?? '', /exit code 3.*no disk left/)
})

test('a receiver is told, signed, of builds and deployments, and calls back how they ended', async (t: TestContext) => {
  const house = open()
  const messages: Message[] = []
  const { port } = await serve(t, async (request, response) => {
    const body = await text(request)
    const signed = verifySignature(request.headers as Record<string, string>, body, [secret], house.clock.now)
    messages.push({ ...JSON.parse(body), signed })
    response.writeHead(202).end()
  })
  const by = { executor: 'webhook', url: `http://127.0.0.1:${port}/run`, secret }
  const shop = await house.shop({ build: by, environments: [{ name: 'staging', deploy: by }] })
  const next = async (count: number) =>
    (await until(
      async () => messages[count],
      (message) => message !== undefined,
      `message ${count}`,
    ))!
  const callBack = async ({ callback }: Message, token = callback.token) => {
    const response = await fetch(callback.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'succeeded', log: ['it is done'] }),
    })
    return response.status
  }

  const cut = await shop.cut({ version: '7.0.0-rc1' })
  const toBuild = await next(0)
  const told = {
    version: '7.0.0-rc1',
    release: '7.0.0',
    commit: cut.commit_sha,
    repository: `acme/${shop.project.key}`,
    previous: null,
  }
  t.assert.partialDeepStrictEqual(toBuild, { type: 'headgate.run', run_kind: 'build', signed: true })
  t.assert.partialDeepStrictEqual(toBuild.candidate, told)
  t.assert.strictEqual(await callBack(toBuild, 'another'), 401)
  t.assert.strictEqual((await getCandidate(house.ctx, { candidate_id: cut.id })).state, 'building')
  t.assert.strictEqual(await callBack(toBuild), 200)
  t.assert.strictEqual((await house.settled(cut.id)).state, 'ready')
  t.assert.ok((await logOf(house, { run_id: cut.build_run_id! })).includes('callback it is done'))

  const deployment_id = await shop.deploy(cut, 'staging')
  const toDeploy = await next(1)
  t.assert.partialDeepStrictEqual(toDeploy, { type: 'headgate.deploy', signed: true })
  t.assert.partialDeepStrictEqual(toDeploy.candidate, told)
  t.assert.strictEqual(await callBack(toDeploy), 200)
  t.assert.strictEqual((await house.ended(deployment_id)).state, 'succeeded')
  await shop.deploy(cut, 'staging')
  const again = await next(2)
  t.assert.deepStrictEqual(again.candidate.previous, { version: '7.0.0-rc1', commit: cut.commit_sha })
  t.assert.strictEqual(await callBack(again), 200)
})

test('the example of docs/executors/command.md builds what was committed', async (t: TestContext) => {
  const house = open()
  const bench = workbench(t)
  const repository = codeRepository(t)
  repository.commit('feat: begin', { 'README.md': 'A shop of the documents.\n' })
  const inPlace = (text: string) =>
    text
      .replaceAll('/srv/git/shop.git', join(repository.folder, '.git'))
      .replaceAll('/srv/shop', bench.folder)
      .replace('key: shop', 'key: documented')
      .replace('acme/shop', 'acme/documented')
  writeFileSync(join(bench.folder, 'build.sh'), inPlace(await exampleOf('command.md', 'sh', 1)), {
    mode: 0o755,
  })
  await house.client.applyConfiguration({ yaml: inPlace(await exampleOf('command.md', 'yaml', 1)) })
  const { id: project_id } = await findCodeProject(house.ctx, { name: 'documented' })
  const { candidate } = await cutCandidate(house.ctx, { project_id, version: '1.0.0-rc1' })
  const built = await house.settled(candidate.id)
  t.assert.strictEqual(built.state, 'ready', built.failure_detail ?? '')
  t.assert.ok(bench.read('shop-1.0.0-rc1.tar').includes('A shop of the documents.'))
})
