import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { checkCircles, checkTable } from './rooms/check-circles.ts'
import { checkDoors } from './rooms/check-doors.ts'
import {
  checkClock,
  checkDomain,
  checkNames,
  checkSizes,
  checkSql,
  checkVendors,
} from './rooms/check-habits.ts'
import { renderDoors, type Doors } from './rooms/door.ts'
import { readTree, type Tree } from './rooms/tree.ts'

/** The plan of the house. ARCHITECTURE.md shows the same table. */
const doors: Doors = {
  domain: {
    opens: [],
    packages: ['node:crypto', 'canonicalize', 'croner', 'rrule-temporal', 'semver'],
    never: 'async, the clock, I/O',
  },
  ground: {
    opens: [],
    packages: ['node:*', '@node-rs/argon2', 'ipaddr.js', 'standardwebhooks', 'tar-stream', 'undici', 'uuid'],
    never: 'a noun of ours',
  },
  store: {
    opens: ['domain'],
    packages: ['node:*', 'kysely', 'pg', '@electric-sql/pglite', 'pg-boss'],
    never: 'decisions, authorisation',
  },
  catalogue: {
    opens: ['domain', 'ground', 'store'],
    packages: ['node:*', 'ajv', 'conventional-commits-parser', 'deepmerge-ts', 'image-size', 'yaml'],
    never: 'surfaces, executors, each other',
    split: true,
  },
  app: {
    opens: ['domain', 'ground', 'store', 'catalogue'],
    packages: ['node:*', 'lru-cache', 'typebox', 'yaml'],
    never: "fastify, the engine (it enqueues through its context), SQL, a vendor's word",
  },
  executors: {
    opens: ['domain', 'ground', 'catalogue (own kind)'],
    packages: ['node:*', 'yaml'],
    never: 'store, app, each other; what else it may touch is granted in its context',
    split: true,
  },
  engine: {
    opens: ['domain', 'ground', 'app', 'executors/contract'],
    packages: ['node:*', 'pg-boss', 'kysely (types)', 'pino (types)'],
    never: 'surfaces, http, SQL',
  },
  events: { opens: ['domain', 'ground', 'store'], packages: ['node:*', 'pino (types)'], never: 'a decision' },
  api: { opens: [], packages: ['typebox'], never: 'anything that runs on the server only' },
  surfaces: {
    opens: ['domain', 'app', 'catalogue (types)', 'ground/signatures', 'api (native only)'],
    packages: [
      'node:*',
      'fastify',
      '@fastify/*',
      'typebox',
      '@scalar/fastify-api-reference',
      'ical-generator',
      'graphql',
      'graphql-yoga',
      '@pothos/*',
      'dataloader',
    ],
    never: 'store, executors, engine, each other; the event stream is handed in through contract.ts',
    split: true,
  },
  http: {
    opens: ['domain', 'surfaces/contract'],
    packages: ['node:*', 'fastify', '@fastify/*', 'typebox', 'pino', 'prom-client'],
    never: 'a route of ours; it mounts what main.ts hands it',
  },
  client: { opens: ['api'], packages: [], never: 'Node: it runs in a browser too' },
  cli: {
    opens: ['api', 'client'],
    packages: ['node:*', 'commander', 'tar-stream', 'yaml'],
    never: 'the house itself; it speaks HTTP',
  },
  local: {
    opens: ['domain (types)', 'config.ts (types)', 'client', 'cli'],
    packages: ['node:*', 'commander'],
    never: 'a room that main.ts did not hand it',
  },
  'config.ts': {
    opens: [],
    packages: ['node:*', 'env-schema', 'typebox'],
    never: 'a setting without its sentence',
  },
  'main.ts': { opens: ['everything'], packages: ['everything'], never: 'logic' },
}

const root = join(import.meta.dirname, '..')
const house = readTree(root)

describe('the house', () => {
  const all = { ...rules(doors), 'the table has no circle': () => checkTable(doors) }
  for (const [rule, check] of Object.entries(all)) {
    test(rule, (t: TestContext) => t.assert.deepEqual(check(house), []))
  }

  test('the folders are read, not a list of them', (t: TestContext) => {
    t.assert.ok(house.has('src/domain/lifecycle.ts') && house.has('test/rooms.test.ts'))
    const folder = mkdtempSync(join(tmpdir(), 'headgate-rooms-'))
    t.after(() => rmSync(folder, { recursive: true }))
    mkdirSync(join(folder, 'src/domain'), { recursive: true })
    writeFileSync(join(folder, 'src/domain/new.ts'), `import '#store/release.ts'`)
    t.assert.equal(checkDoors(readTree(folder), doors).length, 1)
  })

  test('ARCHITECTURE.md shows the table of doors', (t: TestContext) => {
    const shown = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    const [header = ''] = renderDoors(doors).split('\n')
    const from = shown.indexOf(header)
    t.assert.equal(shown.slice(from, shown.indexOf('\n\n', from)), renderDoors(doors))
  })
})

function rules(table: Doors) {
  return {
    'every import goes through a door': (tree: Tree) => checkDoors(tree, table),
    'no file imports itself': checkCircles,
    'no file is long': checkSizes,
    'names are names': checkNames,
    "vendors' words stay in their rooms": checkVendors,
    'the domain is pure': checkDomain,
    'the clock is read in one place': checkClock,
    'SQL has no clock': checkSql,
  }
}

/** For each rule, small houses that break it and what must be said of each. */
const planted: Record<keyof ReturnType<typeof rules>, [tree: Record<string, string>, said: RegExp][]> = {
  'every import goes through a door': [
    [
      { 'src/domain/a.ts': `import { b } from '#store/b.ts'` },
      /^src\/domain\/a\.ts:1: domain may not open #store/,
    ],
    [{ 'src/app/x/a.ts': `\nexport { b } from '#engine/b.ts'` }, /a\.ts:2: app may not open #engine/],
    [{ 'src/app/x/a.ts': `export * from '#http/b.ts'` }, /app may not open #http/],
    [{ 'src/surfaces/native/a.ts': `const b = await import('#store/b.ts')` }, /native may not open #store/],
    [{ 'src/surfaces/native/a.ts': `import type { B } from '#engine/b.ts'` }, /native may not open #engine/],
    [{ 'src/surfaces/hooks/a.ts': `import '#surfaces/native/b.ts'` }, /hooks may not open #surfaces\/native/],
    [{ 'src/surfaces/contract.ts': `import './native/b.ts'` }, /leaves surfaces: write #surfaces\/native/],
    [{ 'src/surfaces/hooks/a.ts': `import '#api/b.ts'` }, /hooks may not open #api/],
    [{ 'src/surfaces/hooks/a.ts': `import { b } from '#catalogue/content/b.ts'` }, /hooks may not open #cat/],
    [
      { 'src/surfaces/hooks/a.ts': `import { b } from '#ground/blobs.ts'` },
      /hooks may not open #ground\/blobs/,
    ],
    [{ 'src/executors/command/a.ts': `import '#catalogue/infra/b.ts'` }, /command may not open #catalogue/],
    [{ 'src/executors/command/a.ts': `import '#store/b.ts'` }, /command may not open #store/],
    [
      { 'src/engine/a.ts': `import '#executors/content/index.ts'` },
      /engine may not open #executors\/content/,
    ],
    [{ 'src/catalogue/code/a.ts': `import '#catalogue/data/b.ts'` }, /code may not open #catalogue\/data/],
    [{ 'src/app/x/a.ts': `import { sql } from 'kysely'` }, /app may not use the package kysely/],
    [{ 'src/app/x/a.ts': `import fastify from 'fastify'` }, /app may not use the package fastify/],
    [{ 'src/engine/a.ts': `import { sql } from 'kysely'` }, /engine may not use the package kysely/],
    [{ 'src/domain/a.ts': `import 'node:fs'` }, /domain may not use the package node:fs/],
    [{ 'src/api/a.ts': `require('left-pad')` }, /api may not use the package left-pad/],
    [{ 'src/app/x/a.ts': `import '../../store/b.ts'` }, /leaves app: write #store\/b\.ts/],
    [{ 'src/app/x/a.ts': `import '../../../test/b.ts'` }, /is in no room/],
    [{ 'src/app/x/a.ts': `import(name)` }, /must name what it imports/],
    [{ 'src/store/a.ts': `import '#main.ts'` }, /store may not open #main/],
    [{ 'src/attic/a.ts': '' }, /^src\/attic\/a\.ts: there is no such room/],
    [{ 'src/loose.ts': '' }, /^src\/loose\.ts: there is no such room/],
  ],
  'no file imports itself': [
    [
      { 'src/app/a.ts': `import './b.ts'`, 'src/app/b.ts': `import '#app/a.ts'` },
      /a\.ts: imports itself through/,
    ],
    [{ 'src/app/a.ts': `import './a.ts'` }, /a\.ts: imports itself through src\/app\/a\.ts/],
  ],
  'no file is long': [[{ 'src/app/a.ts': '\n'.repeat(301) }, /a\.ts: 301 lines/]],
  'names are names': [
    [{ 'src/app/requestDeployment.ts': '' }, /kebab-case/],
    [{ 'src/app/utils/a.ts': '' }, /"utils" is a drawer/],
    [{ 'test/helpers.ts': '' }, /"helpers" is a drawer/],
  ],
  "vendors' words stay in their rooms": [
    [{ 'src/app/a.ts': `find('contentstack')` }, /a\.ts:1: contentstack's words belong in src\/surfaces/],
    [{ 'src/surfaces/facets/a.ts': `\nconst isAviator = 1` }, /a\.ts:2: aviator's words/],
  ],
  'the domain is pure': [
    [{ 'src/domain/a.ts': `export async function f() {}` }, /pure and synchronous \(async\)/],
    [{ 'src/domain/a.ts': `const at = new Date()` }, /pure and synchronous/],
    [{ 'src/domain/a.ts': `const at = Date.now()` }, /pure and synchronous/],
    [{ 'src/domain/a.ts': `const at = Math.random()` }, /pure and synchronous/],
  ],
  'the clock is read in one place': [
    [{ 'src/app/a.ts': `const at = Date.now()` }, /a\.ts:1: ctx\.now\(\) is the only clock/],
    [{ 'src/store/a.ts': `const at = new Date()` }, /only clock/],
  ],
  'SQL has no clock': [
    [{ 'src/store/migrations/0001-a.sql': 'create table a (at timestamptz default now());' }, /0001-a\.sql/],
    [{ 'src/store/a.ts': 'sql`select now()`' }, /a\.ts:1: SQL asks ctx/],
  ],
}

describe('a planted violation is found', () => {
  for (const [rule, check] of Object.entries(rules(doors))) {
    test(rule, (t: TestContext) => {
      for (const [tree, said] of planted[rule as keyof typeof planted]) {
        const faults = check(new Map(Object.entries(tree)))
        t.assert.equal(faults.length, 1, `${JSON.stringify(tree)} gave ${JSON.stringify(faults)}`)
        t.assert.match(faults[0] ?? '', said)
      }
    })
  }

  test('the table has no circle', (t: TestContext) => {
    const bent = { ...doors, domain: { opens: ['app'], packages: [], never: '' } }
    t.assert.notEqual(checkTable(bent).length, 0)
  })
})

test('what is allowed passes', (t: TestContext) => {
  const tree = {
    'src/surfaces/native/a.ts': `
      // import '#store/b.ts'
      import type { B } from '#catalogue/content/b.ts'
      import { sign } from '#ground/signatures.ts'
      import { shape } from '#api/shape.ts'
      import type { Surface } from '#surfaces/contract.ts'
      import { wire } from './wire.ts'
      const text = \`import '#store/b.ts' \${wire}\``,
    'src/executors/terraform/a.ts': `import '#catalogue/infra/b.ts'\nimport '#executors/contract.ts'`,
    'src/engine/a.ts': `import type { Kysely } from 'kysely'\nimport '#executors/contract.ts'`,
    'src/app/x/a.ts': `import '../context.ts'\nimport type { C } from './b.ts'`,
    'src/app/x/b.ts': `import type { A } from './a.ts'\nconst at = new Date(0)`,
    'src/main.ts': `import '#http/server.ts'\nimport './config.ts'\nimport 'fastify'\nconst now = () => new Date()`,
    'src/store/a.ts': '// now()\nsql`select 1 as known`',
  }
  for (const check of Object.values(rules(doors))) {
    t.assert.deepEqual(check(new Map(Object.entries(tree))), [])
  }
})
