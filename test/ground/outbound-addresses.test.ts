import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { addressRefusal, nobodyAllowed, readAllowed } from '#ground/outbound-addresses.ts'
import { openOutbound, type OutboundOptions } from '#ground/outbound.ts'
import { serve } from './receiver.ts'

const now = () => new Date('2026-11-21T09:00:00Z')
const open = (options: Partial<OutboundOptions>) => openOutbound({ now, ...options }).send

const octet = fc.integer({ min: 0, max: 255 })
type Octets = [number, number, number, number]
/** Private, loopback, link-local, CGNAT, documentation, benchmarking, multicast, reserved, unspecified. */
const shut = fc
  .tuple(
    fc.constantFrom(
      [10],
      [127],
      [0],
      [169, 254],
      [172, 16],
      [172, 31],
      [192, 168],
      [100, 64],
      [100, 127],
      [192, 0, 2],
      [198, 51, 100],
      [203, 0, 113],
      [198, 18],
      [198, 19],
      [224],
      [239],
      [240],
      [255],
      [192, 0, 0],
      [192, 88, 99],
    ),
    octet,
    octet,
    octet,
    octet,
  )
  .map(([head, ...rest]) => [...head, ...rest].slice(0, 4) as Octets)

const number = (octets: Octets) => octets.reduce((sum, part) => sum * 256 + part, 0)
const hex = (octets: Octets) =>
  [0, 2].map((at) => ((octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0)).toString(16)).join(':')

/** Every way to write an IPv4 address into a URL, and every IPv6 form that leads to one. */
const spellings: Record<string, (octets: Octets) => string> = {
  dotted: (o) => o.join('.'),
  decimal: (o) => String(number(o)),
  'one hexadecimal number': (o) => `0x${number(o).toString(16)}`,
  'one octal number': (o) => `0${number(o).toString(8)}`,
  'octal parts': (o) => o.map((part) => `0${part.toString(8)}`).join('.'),
  'hexadecimal parts': (o) => o.map((part) => `0x${part.toString(16)}`).join('.'),
  'two parts': ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`,
  'three parts': ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`,
  'a dot at the end': (o) => `${o.join('.')}.`,
  'full-width digits': (o) =>
    o.join('.').replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  'percent-encoded': (o) => o.join('.').replaceAll(/[0-9]/g, (digit) => `%3${digit}`),
  mapped: (o) => `[::ffff:${o.join('.')}]`,
  'mapped in hexadecimal': (o) => `[::ffff:${hex(o)}]`,
  compatible: (o) => `[::${o.join('.')}]`,
  translated: (o) => `[::ffff:0:${o.join('.')}]`,
  NAT64: (o) => `[64:ff9b::${o.join('.')}]`,
  'local NAT64': (o) => `[64:ff9b:1::${o.join('.')}]`,
  '6to4': (o) => `[2002:${hex(o)}::1]`,
  Teredo: (o) => `[2001:0:${hex(o)}::1]`,
}

test('however an address that is not public is spelt, it is refused and never resolved', async (t: TestContext) => {
  let resolved = 0
  const send = open({
    resolve: async () => {
      resolved += 1
      return []
    },
  })
  await fc.assert(
    fc.asyncProperty(shut, fc.constantFrom(...Object.keys(spellings)), async (octets, spelling) => {
      const host = spellings[spelling]?.(octets) ?? ''
      const outcome = await send({ url: `http://${host}:8080/` })
      return 'refused' in outcome
    }),
    { numRuns: 500 },
  )
  t.assert.equal(resolved, 0)
})

test('what a name resolves to is judged by the same law', (t: TestContext) => {
  fc.assert(fc.property(shut, (octets) => addressRefusal(octets.join('.'), nobodyAllowed) !== undefined))
  for (const address of [
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
    '2001:2::1',
    '5f00::1',
    '4000::1',
    '127.1',
    '',
    'example.com',
  ])
    t.assert.ok(addressRefusal(address, nobodyAllowed), address)
  for (const address of [
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::6810:84e5',
    '::ffff:8.8.8.8',
  ])
    t.assert.equal(addressRefusal(address, nobodyAllowed), undefined, address)
})

test('the allow list takes hosts, suffixes, addresses and networks, and nothing else', async (t: TestContext) => {
  const allowed = readAllowed([
    '10.1.0.0/16',
    ' 127.0.0.1 ',
    '[::1]',
    'fd00::/8',
    'Runner.Internal',
    '*.corp',
    '',
  ])
  for (const address of ['10.1.2.3', '127.0.0.1', '::1', 'fd12::1', '::ffff:10.1.2.3'])
    t.assert.equal(addressRefusal(address, allowed), undefined, address)
  for (const address of ['10.2.0.1', '127.0.0.2', '::2', 'fc00::1'])
    t.assert.ok(addressRefusal(address, allowed), address)
  for (const entry of ['10.0.0.0/33', 'http://a.example', 'a b', '10.1', '*.', 'user@host', 'host:80'])
    t.assert.throws(() => readAllowed([entry]), /no host, address or network/, entry)

  const resolve = async () => [{ address: '127.0.0.1' }]
  const { port } = await serve(t, (_request, response) => void response.end())
  const send = open({ resolve, allow: ['runner.internal', '*.corp'] })
  for (const [host, passes] of [
    ['runner.internal', true],
    ['RUNNER.internal.', true],
    ['ci.build.corp', true],
    ['corp', false],
    ['evilcorp', false],
    ['not.runner.internal', false],
  ] as const)
    t.assert.equal('status' in (await send({ url: `http://${host}:${port}/` })), passes, host)
})

test('a URL that can never be called is known without asking anybody', (t: TestContext) => {
  const { refusal } = openOutbound({ now })
  t.assert.equal(refusal('https://hooks.example.com/x'), undefined)
  t.assert.equal(refusal('http://0x7f.1/'), '127.0.0.1 is a loopback address')
  t.assert.equal(refusal('ftp://a.example/'), 'only http and https are called')
  t.assert.equal(openOutbound({ now, allow: ['127.0.0.0/8'] }).refusal('http://127.0.0.1/'), undefined)
})
