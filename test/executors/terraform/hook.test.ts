import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { made, openSmallBench, type Resource } from './small-bench.ts'

const file = (content: string): Resource => ({ key: 'file/f', spec: { path: 'f.txt', content } })
const still: Resource = { key: 'thing/still', spec: {} }
const shell = (script: string) => ({ name: 'pre_release_hook.sh', bytes: Buffer.from(script) })

test('the hook is told what would change, and says whether it may', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  bench.hook.now = shell('cat "$1"; env; exit 7')
  const first = await bench.plan([file('one'), still])
  t.assert.ok(first.made.state === 'failed')
  t.assert.equal(first.made.code, 'hook_refused')
  t.assert.match(first.made.detail, /pre_release_hook\.sh ended with exit code 7\. It last said: /)
  const said = bench.log.find((line) => line.startsWith('{"environmentName"')) ?? '{}'
  const asked = (name: string, type: string) => ({
    ...{ resourceType: type, resourceName: name, changeType: 'CREATE' },
    resourcePath: `module.${type}__${name}.${type === 'file' ? 'file_text' : 'terraform_data'}.this`,
  })
  // Its last line has no end, and the next one follows at once.
  t.assert.deepEqual(JSON.parse(said.slice(0, said.lastIndexOf('}') + 1)), {
    ...{ environmentName: 'prod', releaseStream: 'main' },
    resources: [asked('f', 'file'), asked('still', 'thing')],
  })
  t.assert.doesNotMatch(
    bench.log.join('\n'),
    /TF_HTTP|password-|REATTACH/,
    'nothing of Terraform is told to it',
  )

  bench.hook.now = null
  await bench.release([file('one'), still])
  const python =
    'import json, sys\nfor r in json.load(open(sys.argv[1]))["resources"]: print(r["changeType"])\nsys.exit(2)'
  bench.hook.now = { name: 'pre_release_hook.py', bytes: Buffer.from(python) }
  const second = made(await bench.plan([file('two'), still]))
  t.assert.equal(second.made.needs_approval, 'UPDATE_IN_PLACE / NO_OPERATION')
  t.assert.equal((await bench.apply(second)).state, 'succeeded')

  bench.hook.now = shell('exit 1')
  t.assert.equal(
    made(await bench.plan([file('two'), still])).made.needs_approval,
    undefined,
    'nothing changes',
  )
  bench.hook.now = shell('true')
  t.assert.equal(made(await bench.plan([file('three'), still])).made.needs_approval, undefined)
  t.assert.deepEqual(bench.left(), [])
})
