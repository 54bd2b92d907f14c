import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { terraformOrSkip } from '../../terraform-or-skip.ts'
import { actions, made, openSmallBench, type Resource } from './small-bench.ts'

const a: Resource = { key: 'thing/a', spec: { says: 'hello' } }
const b: Resource = {
  key: 'thing/b',
  spec: { greeting: 'a says ${thing.a.out.attributes.said}!', of: '${thing.a.out.attributes.id}' },
}
const file = (content: string): Resource => ({ key: 'file/f', spec: { path: 'f.txt', content } })

test('resources are made, and the plan names what it makes of each', async (t: TestContext) => {
  if (!terraformOrSkip(t)) return
  const bench = await openSmallBench(t)
  const first = made(await bench.plan([a, b]))
  t.assert.deepEqual(actions(first.made.changes), { 'thing/a': 'create', 'thing/b': 'create' })
  t.assert.deepEqual(
    first.made.effects.map(({ item_key, address, action }) => [item_key, address, action]),
    [
      ['thing/a', 'module.thing__a.terraform_data.this', 'create'],
      ['thing/b', 'module.thing__b.terraform_data.this', 'create'],
    ],
  )
  t.assert.equal(bench.state.version, 0, 'planning changes no state')
  t.assert.deepEqual(await bench.apply(first), { state: 'succeeded', result: { changed: 2, tool: '1.11.4' } })
  const [said] = stateOf(bench, 'thing__b')
  t.assert.equal(said?.input.value.spec.greeting, 'a says hello!')
  t.assert.deepEqual(bench.left(), [])
  t.assert.equal(bench.state.lock, undefined)

  const again = made(await bench.plan([a, b]))
  t.assert.deepEqual(actions(again.made.changes), { 'thing/a': 'none', 'thing/b': 'none' })
  t.assert.deepEqual(again.made.effects, [])
  t.assert.equal(
    (await bench.apply(again)).state,
    'succeeded',
    'nothing can be applied too, where that is forced',
  )
})

interface Remembered {
  input: { value: { spec: Record<string, unknown>; inputs: Record<string, unknown> } }
}

/** What Terraform remembers of a module's resources. */
export function stateOf({ state }: { state: { state: unknown } }, module: string): Remembered[] {
  const { resources } = state.state as {
    resources: { module: string; instances: { attributes: Remembered }[] }[]
  }
  return resources
    .filter((resource) => resource.module === `module.${module}`)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes))
}
