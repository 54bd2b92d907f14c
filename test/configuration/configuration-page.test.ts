import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { configurationSchema } from '#app/configuration/configuration-schema.ts'
import { aviator } from '#surfaces/aviator/index.ts'
import { facets } from '#surfaces/facets/index.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import { renderConfiguration } from './configuration-page.ts'

interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
  /** Of an object whose keys anybody chooses: what stands under each. */
  patternProperties?: Record<string, Schema>
}

/** The last words of every key that the file may have. */
function keysOf({ properties = {}, items, patternProperties = {} }: Schema): string[] {
  const inner = Object.entries(properties).flatMap(([key, schema]) => {
    const below = keysOf(schema)
    return below.length > 0 ? below.map((one) => `${key}.${one}`) : [key]
  })
  const chosen = Object.values(patternProperties).flatMap(keysOf)
  return [...inner, ...chosen, ...(items ? keysOf(items) : [])]
}

test('docs/configuration.md shows every setting', (t: TestContext) => {
  const page = join(import.meta.dirname, '../../docs/configuration.md')
  t.assert.fileSnapshot(renderConfiguration(), page, { serializers: [String] })
})

test('docs/configuration.md names every key of the file, and no other', (t: TestContext) => {
  const page = renderConfiguration()
  const shown = page
    .split('\n')
    .filter((line) => /^\| `(users|tokens|projects|webhooks)/.test(line))
    .flatMap((line) => {
      const [first = '', ...more] = [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(
        ([, key]) => key ?? '',
      )
      return [first, ...more.map((key) => `${first.slice(0, first.lastIndexOf('.'))}${key}`)]
    })
  const keys = keysOf(
    configurationSchema([
      contentstack.configuration!,
      aviator.configuration!,
      facets.configuration!,
    ]) as Schema,
  )
  t.assert.deepEqual(shown.map((key) => key.replaceAll('[]', '')).toSorted(), keys.toSorted())
})
