import { after, before, type TestContext } from 'node:test'

/** One of something for all the tests of a file: open while they run. Each test brings what is its own in it. */
export function shared<T>(open: (t: TestContext) => Promise<T>): () => T {
  let opened: T | undefined
  const closers: (() => unknown)[] = []
  before(async () => {
    const t = { after: (close: () => unknown) => closers.push(close) } as unknown as TestContext
    opened = await open(t)
  })
  after(async () => {
    // Forgotten, too: the runner may keep the process for other files.
    opened = undefined
    for (const close of closers.splice(0)) await close()
  })
  return () => opened!
}
