import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { renderLifecycle } from './lifecycle-page.ts'

test('docs/lifecycle.md shows the table of arrows', (t: TestContext) => {
  t.assert.fileSnapshot(renderLifecycle(), join(import.meta.dirname, '../../docs/lifecycle.md'), {
    serializers: [(text: string) => text],
  })
})
