import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { escapeReferences, splitReferences } from '#catalogue/infra/reference.ts'

const kinds = (text: string) => splitReferences(text).map(({ kind }) => kind)

test('references are found wherever they stand in a text, and everything else is text', () => {
  deepEqual(
    splitReferences('jdbc://${postgres.db-1.out.interfaces.writer.host}:${blueprint.self.variables.PORT}/x'),
    [
      { kind: 'literal', text: 'jdbc://', value: 'jdbc://' },
      {
        kind: 'output',
        text: '${postgres.db-1.out.interfaces.writer.host}',
        type: 'postgres',
        name: 'db-1',
        of: 'interfaces',
        path: ['writer', 'host'],
      },
      { kind: 'literal', text: ':', value: ':' },
      { kind: 'variable', text: '${blueprint.self.variables.PORT}', name: 'PORT' },
      { kind: 'literal', text: '/x', value: '/x' },
    ],
  )
  const [list] = splitReferences('${s3.a.out.attributes.list[0]["x.y"].1}')
  deepEqual(list?.kind === 'output' && list.path, ['list', 0, 'x.y', 1])
  for (const text of [
    '',
    '${HOME}',
    '${file("secret.txt")}',
    '%{ if true }',
    '$',
    '${',
    '${service.a.outer.x}',
  ])
    deepEqual(kinds(text), ['literal'], text)
})

test('what begins like a reference and is none is invalid', () => {
  for (const text of [
    '${service.a.out}',
    '${service.a.out.attribute.x}',
    '${service.a.out.attributes.x y}',
    '${blueprint.self.variable.X}',
    '${blueprint.self}',
    '${service.a.out.attributes.x',
    '${service.a.out.attributes["${x}"]}',
  ])
    equal(kinds(text)[0], 'invalid', text)
})

test('with one $ more, a reference stands for itself', () => {
  const [part, ...rest] = splitReferences('$${service.a.out.attributes.x}')
  deepEqual(rest, [])
  equal(part?.kind === 'literal' && part.value, '${service.a.out.attributes.x}')
  const [shell] = splitReferences('$${HOME}')
  equal(shell?.kind === 'literal' && shell.value, '$${HOME}')
})

const pieces = fc.constantFrom(
  ...['$', '$$', '{', '}', '${', '%{', 'a', '.', '-', '"', '[0]', ' ', 'é', '\ud800'],
  ...[
    'service.a.out.attributes.x',
    '${service.a.out.interfaces}',
    'blueprint.self.secrets.B',
    '${blueprint.self.x}',
  ],
)
const texts = fc.oneof(
  fc.string(),
  fc.array(pieces).map((list) => list.join('')),
)

test('put together again, the parts are the text; and none ends in $ before a reference', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const parts = splitReferences(text)
      equal(parts.map((part) => part.text).join(''), text)
      for (const [at, part] of parts.entries())
        if (part.kind === 'literal' && at < parts.length - 1) equal(part.text.endsWith('$'), false)
    }),
  )
})

test('text that was escaped means itself, and has no reference in it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const parts = splitReferences(escapeReferences(text))
      equal(
        parts.every(({ kind }) => kind === 'literal'),
        true,
      )
      equal(parts.map((part) => part.kind === 'literal' && part.value).join(''), text)
    }),
  )
})

test('a long text without end takes no longer than it is', () => {
  for (const piece of ['$', '${', '${a.b.out', '$${', '${ ', 'a.b.out.', '${blueprint.self.'])
    equal(
      splitReferences(piece.repeat(50_000))
        .map(({ text }) => text)
        .join('').length,
      piece.length * 50_000,
    )
})
