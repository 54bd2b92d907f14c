import type { TestContext } from 'node:test'

/**
 * Closes something when a test has ended, and forgets it: the runner keeps the hooks of all tests to the end of the
 * process, and with them the servers that they close.
 */
export function closeAfter(t: TestContext, close: () => unknown): void {
  let closing: (() => unknown) | undefined = close
  t.after(async () => {
    const work = closing
    closing = undefined
    await work?.()
  })
}
