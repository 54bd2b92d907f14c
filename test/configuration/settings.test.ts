import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { readConfig, readSecretKeys, SettingError, type settings } from '../../src/config.ts'

/** A value for each setting other than its default, and what becomes of it. */
const each: Record<keyof typeof settings.properties, [string, object]> = {
  HEADGATE_HOST: ['0.0.0.0', { host: '0.0.0.0', url: 'http://localhost:4400' }],
  HEADGATE_PORT: ['5500', { port: 5500, url: 'http://127.0.0.1:5500' }],
  HEADGATE_URL: ['https://headgate.example.com/base/', { url: 'https://headgate.example.com/base' }],
  HEADGATE_TLS_CERT: [
    './cert.pem',
    { tls: { cert: resolve('cert.pem'), key: resolve('key.pem') }, url: 'https://127.0.0.1:4400' },
  ],
  HEADGATE_TLS_KEY: [
    './key.pem',
    { tls: { cert: resolve('cert.pem'), key: resolve('key.pem') }, url: 'https://127.0.0.1:4400' },
  ],
  HEADGATE_TRUST_PROXY: ['10.0.0.0/8,127.0.0.1', { trustProxy: '10.0.0.0/8,127.0.0.1' }],
  HEADGATE_DATA_DIR: ['./data', { dataDir: resolve('data') }],
  DATABASE_URL: ['postgres://u:p@db/h', { databaseUrl: 'postgres://u:p@db/h' }],
  HEADGATE_CONFIG: ['./headgate.yaml', { configFile: resolve('headgate.yaml') }],
  HEADGATE_ROLE: ['worker', { role: 'worker' }],
  HEADGATE_SECRET_KEY: ['x', { secretKey: 'x' }],
  HEADGATE_OUTGOING_ALLOW: ['*.internal,10.0.0.0/8', { outgoingAllow: ['*.internal', '10.0.0.0/8'] }],
  HEADGATE_RATE_LIMIT: ['100', { rateLimit: { own: 100, vendors: 0 } }],
  HEADGATE_VENDOR_RATE_LIMIT: ['100', { rateLimit: { own: 60_000, vendors: 100 } }],
  HEADGATE_KEEP_EVENTS_DAYS: ['400', { keep: { events: 400, logs: null, sessions: null } }],
  HEADGATE_KEEP_LOGS_DAYS: ['90', { keep: { events: null, logs: 90, sessions: null } }],
  HEADGATE_KEEP_SESSIONS_DAYS: ['30', { keep: { events: null, logs: null, sessions: 30 } }],
  HEADGATE_LOG_LEVEL: ['silent', { logLevel: 'silent' }],
}
const pairs: Record<string, NodeJS.ProcessEnv> = {
  HEADGATE_TLS_CERT: { HEADGATE_TLS_KEY: './key.pem' },
  HEADGATE_TLS_KEY: { HEADGATE_TLS_CERT: './cert.pem' },
}

const defaults = {
  ...{ host: '127.0.0.1', port: 4400, url: 'http://127.0.0.1:4400', tls: null, trustProxy: false },
  ...{ dataDir: resolve('.headgate'), databaseUrl: undefined, configFile: undefined, role: 'all' },
  ...{ secretKey: undefined, outgoingAllow: [], rateLimit: { own: 60_000, vendors: 0 }, logLevel: 'info' },
  keep: { events: null, logs: null, sessions: null },
}

test('without any setting there are defaults, and an empty one is none', (t: TestContext) => {
  t.assert.deepEqual(readConfig({}), defaults)
  t.assert.deepEqual(readConfig(Object.fromEntries(Object.keys(each).map((name) => [name, '']))), defaults)
  t.assert.deepEqual(readConfig({ PATH: '/bin', HEADGATE_SERVICE_HOST: 'x' }), defaults)
})

for (const [name, [value, expected]] of Object.entries(each)) {
  test(`${name} is read`, (t: TestContext) => {
    t.assert.deepEqual(readConfig({ [name]: value, ...pairs[name] }), { ...defaults, ...expected })
  })
}

test('what no setting can be is told, all of it at once', (t: TestContext) => {
  const said = (env: NodeJS.ProcessEnv) => {
    try {
      return JSON.stringify(readConfig(env))
    } catch (error) {
      return error instanceof SettingError ? error.message : String(error)
    }
  }
  t.assert.match(said({ HEADGATE_PORT: 'tcp://10.0.0.1:4400' }), /^HEADGATE_PORT must be integer/)
  t.assert.match(said({ HEADGATE_PORT: '65536' }), /HEADGATE_PORT must be <= 65535/)
  t.assert.match(said({ HEADGATE_URL: 'headgate.example.com' }), /HEADGATE_URL/)
  t.assert.match(said({ HEADGATE_URL: 'https://x/?a=b' }), /HEADGATE_URL/)
  t.assert.match(said({ HEADGATE_TLS_CERT: 'x' }), /HEADGATE_TLS_KEY/)
  t.assert.equal(
    said({ HEADGATE_ROLE: 'boss', HEADGATE_LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x' }),
    [
      'DATABASE_URL must match pattern "^postgres(ql)?://".',
      'HEADGATE_ROLE must be one of all, api, worker.',
      'HEADGATE_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
    ].join('\n'),
  )
  t.assert.ok(!said({ DATABASE_URL: 'mysql://user:hunter2@db' }).includes('hunter2'))
})

test('trust in proxies is none, all or a list', (t: TestContext) => {
  t.assert.equal(readConfig({ HEADGATE_TRUST_PROXY: 'true' }).trustProxy, true)
  t.assert.equal(readConfig({ HEADGATE_TRUST_PROXY: 'false' }).trustProxy, false)
})

test('the secret key is made once, for its owner only, with one warning', (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-keys-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const dataDir = join(folder, 'not', 'there', 'yet')
  const config = readConfig({ HEADGATE_DATA_DIR: dataDir })
  const warnings: string[] = []
  const [first] = readSecretKeys(config, (line) => warnings.push(line))
  const [again] = readSecretKeys(config, (line) => warnings.push(line))
  t.assert.deepEqual([first?.length, first?.equals(again!), warnings.length], [32, true, 1])
  const file = join(dataDir, 'secret-key')
  t.assert.equal(statSync(file).mode & 0o777, 0o600)
  t.assert.ok(!warnings[0]?.includes(readFileSync(file, 'utf8').trim()))
  writeFileSync(file, 'spoilt')
  t.assert.throws(() => readSecretKeys(config, () => {}), SettingError)
})

test('keys that are set are a list, and PostgreSQL wants one', (t: TestContext) => {
  const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  const texts = keys.map((key) => key.toString('base64'))
  const read = (env: NodeJS.ProcessEnv) => readSecretKeys(readConfig(env), () => t.assert.fail('no warning'))
  t.assert.deepEqual(read({ HEADGATE_SECRET_KEY: texts.join(', ') }), keys)
  const postgres = { DATABASE_URL: 'postgres://db/h' }
  t.assert.deepEqual(read({ ...postgres, HEADGATE_SECRET_KEY: texts[0] }), keys.slice(0, 1))
  t.assert.throws(() => read(postgres), /HEADGATE_SECRET_KEY must be set/)
  for (const bad of [
    'short',
    Buffer.alloc(31).toString('base64'),
    Buffer.alloc(33).toString('base64'),
    '!'.repeat(44),
    `${texts[0]},`,
  ])
    t.assert.throws(() => read({ HEADGATE_SECRET_KEY: bad }), SettingError, bad)
})
