import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'

const root = join(import.meta.dirname, '..')
const pages = globSync('{*.md,docs/**/*.md,src/**/*.md}', { cwd: root })

/** Paths in backticks; `<noun>` and `…` stand for something and are not looked up. */
const path = /`((?:src|test|docs|bench|bin|tools)\/[\w./-]+)`/g
const link = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g

test('every file that the documents name is there', (t: TestContext) => {
  const missing = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const named = [...text.matchAll(path)].map(([, file = '']) => join(root, file))
    const linked = [...text.matchAll(link)].map(([, file = '']) => join(root, dirname(page), file))
    return [...named, ...linked].filter((file) => !existsSync(file)).map((file) => `${page} names ${file}`)
  })
  t.assert.deepEqual(missing, [])
  t.assert.ok(pages.includes('ARCHITECTURE.md'))
})
