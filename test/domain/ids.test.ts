import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { readId, showId, type Noun } from '#domain/ids.ts'
import { holds } from './holds.ts'

const prefixes: Record<Noun, string> = {
  project: 'prj',
  environment: 'env',
  release: 'rel',
  revision: 'rev',
  plan: 'pln',
  deployment: 'dep',
  request: 'req',
  run: 'run',
  user: 'usr',
  token: 'tok',
  webhook: 'whk',
  delivery: 'dlv',
  event: 'evt',
  freeze: 'frz',
  hold: 'hld',
  import: 'imp',
  repository: 'rpo',
  drift: 'drf',
  'ignored drift': 'ign',
  schedule: 'sch',
  candidate: 'cnd',
  artifact: 'art',
}
const nouns = Object.keys(prefixes) as Noun[]
const noun = fc.constantFrom(...nouns)

test('an id that is shown can be read again, with prefix or bare', () => {
  holds(
    fc.property(noun, fc.uuid(), (of, id) => {
      const shown = showId(of, id)
      return (
        /^[a-z]{3}_[0-9a-f]{32}$/.test(shown) &&
        shown.startsWith(`${prefixes[of]}_`) &&
        readId(of, shown) === id &&
        readId(of, id) === id &&
        readId(of, id.replaceAll('-', '')) === id
      )
    }),
  )
})

test("another noun's id is none", () => {
  holds(
    fc.property(
      noun,
      noun,
      fc.uuid(),
      (one, other, id) => one === other || readId(other, showId(one, id)) === undefined,
    ),
  )
})

test('what is no id is none', (t: TestContext) => {
  const id = '0192f5b0-7c4e-7a31-8f6e-3d1c2b4a5968'
  const wrong = [
    '',
    'rel_',
    `rel_${id.slice(1)}`,
    `rel_${id}0`,
    `rel_rel_${id}`,
    `REL_${id}`,
    ` ${id}`,
    `${id}\n`,
  ]
  for (const text of [...wrong, id.replace('a', 'g'), `{${id}}`, "' or 1=1 --"])
    t.assert.strictEqual(readId('release', text), undefined, JSON.stringify(text))
  holds(fc.property(noun, fc.string(), (of, text) => readId(of, text) === undefined))
})
