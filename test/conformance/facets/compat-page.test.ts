import { test, type TestContext } from 'node:test'
import { compatPage } from './compat-page.ts'

test('docs/compat/facets.md says what the endpoints say', (t: TestContext) => {
  t.assert.fileSnapshot(compatPage(), 'docs/compat/facets.md', { serializers: [String] })
})
