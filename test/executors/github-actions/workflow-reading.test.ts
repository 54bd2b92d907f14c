import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { chooseInputs } from '#executors/github-actions/choose-inputs.ts'
import { isTitled, titleOf } from '#executors/github-actions/run-title.ts'
import { readWorkflowFile } from '#executors/github-actions/workflow-file.ts'

const named = (...names: string[]) => names.map((name) => ({ name, required: false, fallback: undefined }))
const none = { generations: [], own: {}, configured: {} }

test('however a workflow says that it is started by hand, it is read', async (t: TestContext) => {
  const cases: [file: string, names: string[] | undefined][] = [
    ['on: workflow_dispatch', []],
    ['on: [push, workflow_dispatch]', []],
    ['on: { workflow_dispatch: }', []],
    ['on:\n  workflow_dispatch:\n    inputs:\n      a:\n      b: { required: true, default: 7 }', ['a', 'b']],
    ['on: push', undefined],
    ['jobs: {}', undefined],
  ]
  for (const [file, names] of cases) {
    const { inputs } = await readWorkflowFile(file)
    t.assert.deepStrictEqual(
      inputs?.map(({ name }) => name),
      names,
      file,
    )
  }
  const { inputs } = await readWorkflowFile(cases[3]![0])
  t.assert.deepStrictEqual(inputs?.[1], { name: 'b', required: true, fallback: '7' })
  await t.assert.rejects(readWorkflowFile('a: [b'))
  await t.assert.rejects(readWorkflowFile('- a'))
})

test('of several generations the newest that is declared is filled, and no name of an older one', (t: TestContext) => {
  const generations: Record<string, string>[] = [
    { new_id: '7', new_version: '1' },
    { id: '7', version: '1' },
  ]
  const choose = (...names: string[]) => chooseInputs(named(...names), { ...none, generations })
  t.assert.deepStrictEqual(choose('new_id', 'version'), { inputs: { new_id: '7' }, told: true })
  t.assert.deepStrictEqual(choose('version', 'other'), { inputs: { version: '1' }, told: true })
  t.assert.deepStrictEqual(choose('other'), { inputs: {}, told: false })
  const own = { ...none, generations, own: { mine: 'a' }, configured: { id: 'b' } }
  t.assert.deepStrictEqual(chooseInputs(named('mine', 'id'), own), {
    inputs: { mine: 'a', id: 'b' },
    told: true,
  })
})

test('a title tells where an id is in it that stands for itself', (t: TestContext) => {
  const cases: [run_name: string | undefined, telling: boolean][] = [
    ['Deploy ${{ inputs.id }}', true],
    ['Deploy (${{github.event.inputs.id}}) by ${{ github.actor }}', true],
    ['${{ github.actor }}${{ inputs.id }}', false],
    ['Deploy ${{ inputs.version }}', false],
    ["${{ inputs.id || 'none' }}", false],
    ['Deploy', false],
    [undefined, false],
  ]
  const sent = { inputs: { id: '7', version: '1' }, declared: named('id', 'version'), ids: ['7'] }
  for (const [run_name, telling] of cases)
    t.assert.strictEqual(titleOf(run_name, sent).telling, telling, String(run_name))
  const { title } = titleOf(' Deploy (${{ inputs.id }}) by ${{ github.actor }} of ${{ inputs.none }} ', sent)
  t.assert.ok(isTitled('Deploy (7) by octocat of', title))
  t.assert.ok(!isTitled('Deploy (17) by octocat of', title))
  t.assert.ok(!isTitled('Deploy (7) by of', titleOf('Deploy (${{ inputs.id }}) by of you', sent).title))
})

test('a run is titled as its workflow titles it, whatever GitHub puts where we cannot know', () => {
  const word = fc.string({ maxLength: 5 }).map((text) => text.trim())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, fc.option(word)), { maxLength: 6 }),
      word,
      word,
      (parts, filler, end) => {
        const title = [...parts.flat(), end]
        const shown = title
          .map((part) => part ?? filler)
          .join('')
          .trim()
        return isTitled(shown, title)
      },
    ),
  )
})
