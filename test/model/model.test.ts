import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sentences } from './sentences.ts'

const root = join(import.meta.dirname, '../..')

/** The first argument of every test(), suite() and it(), as it is written. */
const title =
  /\b(?:test|it|describe|suite)\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g

test('every sentence of the model has a test whose name says it', (t: TestContext) => {
  const titles = new Set(
    globSync('test/**/*.test.ts', { cwd: root }).flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(title)].map(
        (found) => found[1] ?? found[2] ?? found[3],
      ),
    ),
  )
  t.assert.ok(titles.size > 500)
  const untested = Object.entries(sentences).flatMap(([part, said]) =>
    said
      .filter(([, name]) => !titles.has(name))
      .map(([sentence, name]) => `${part}: ${sentence}: no test is called "${name}"`),
  )
  t.assert.deepEqual(untested, [])
})
