import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { chainStart, nextHash, type SealableEvent } from '#domain/chain.ts'
import { systemActor } from '#domain/events.ts'

/** Text as the store can keep it: no NUL, no lone surrogates. */
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && value.isWellFormed())
const id = fc.uuid({ version: 7 })
const anyId = fc.option(id, { nil: null })

const anyEvent: fc.Arbitrary<SealableEvent> = fc.record({
  ordinal: fc.integer({ min: 1 }),
  id,
  at: fc.date({ noInvalidDate: true }),
  kind: text,
  project_id: anyId,
  environment_id: anyId,
  subject_id: anyId,
  actor: text.map((name) => ({ ...systemActor, name })),
  reason: fc.option(text, { nil: null }),
  data: fc.dictionary(text, fc.jsonValue({ stringUnit: 'grapheme' })),
})

const chainOf = (events: SealableEvent[]) => {
  const hashes: Buffer[] = []
  for (const event of events) hashes.push(nextHash(hashes.at(-1) ?? chainStart, event))
  return hashes.map((hash) => hash.toString('hex'))
}

const headOf = (events: SealableEvent[]) => chainOf(events).at(-1)

test('the same events make the same chain, in whatever order their keys were written', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1 }), (events) => {
      const reversed = (value: object) => Object.fromEntries(Object.entries(value).toReversed())
      const again = events.map((event) => reversed({ ...event, data: reversed(event.data as object) }))
      return headOf(events) === headOf(again as unknown as SealableEvent[])
    }),
  )
})

test('a change of any column of any event changes every hash from there on, and none before', () => {
  const columns = [
    'ordinal',
    'id',
    'at',
    'kind',
    'project_id',
    'environment_id',
    'subject_id',
    'actor',
    'reason',
    'data',
  ]
  fc.assert(
    fc.property(
      fc.array(anyEvent, { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.constantFrom(...columns),
      anyEvent,
      (events, where, column, other) => {
        const at = where % events.length
        const key = column as keyof SealableEvent
        const before = events[at] as SealableEvent
        fc.pre(JSON.stringify(before[key]) !== JSON.stringify(other[key]))
        const [was, is] = [chainOf(events), chainOf(events.with(at, { ...before, [key]: other[key] }))]
        return was.every((hash, index) => (hash === is[index]) === index < at)
      },
    ),
  )
})

test('leaving out, adding or swapping events changes the head', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyEvent, { minLength: 2, maxLength: 8, selector: ({ id }) => id }),
      fc.nat(),
      (events, n) => {
        const at = n % (events.length - 1)
        const [one, two] = [events[at] as SealableEvent, events[at + 1] as SealableEvent]
        const changed = [
          events.toSpliced(at, 1),
          events.toSpliced(at, 0, one),
          events.with(at, two).with(at + 1, one),
        ]
        return changed.every((other) => headOf(other) !== headOf(events))
      },
    ),
  )
})

test('a link is SHA-256 over the hash before it and canonical JSON', (t: TestContext) => {
  const event: SealableEvent = {
    ordinal: 1,
    id: '0192d3a4-0000-7000-8000-000000000001',
    at: new Date('2026-01-02T03:04:05.678Z'),
    kind: 'release.created',
    project_id: null,
    environment_id: null,
    subject_id: null,
    actor: systemActor,
    reason: null,
    data: { z: 1, a: '€' },
  }
  // By other hands: (head -c 32 /dev/zero; printf '{"actor":{"kind":"system","name":"headgate",…}') | sha256sum
  t.assert.strictEqual(headOf([event]), '93ce8f67ab61027b8af46c9c2c56d02b35584126cde2db6a34c6c582a4aa22af')
})
