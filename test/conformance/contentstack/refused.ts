import type { TestContext } from 'node:test'
import type { Answer } from './open-stack.ts'

/** What must be true of every refusal: the envelope, and never a 5xx, which the SDK repeats to death. */
export function refused(
  t: TestContext,
  { status, body }: Answer,
  expected: number,
  code: number,
  field?: string,
) {
  const said = JSON.stringify(body)
  t.assert.equal(status, expected, said)
  t.assert.equal(body.error_code, code, said)
  t.assert.equal(typeof body.error_message, 'string', said)
  if (field !== undefined) t.assert.ok(Object.hasOwn(body.errors, field), `${field} in ${said}`)
}
