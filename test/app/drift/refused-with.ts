import assert from 'node:assert/strict'
import { ProblemError } from '#client/problem-error.ts'

/** The server refuses with this code. Answers what it said. */
export async function refusedWith(code: string, asked: () => Promise<unknown>): Promise<string> {
  const error = await asked().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ProblemError, `not refused with ${code}: ${String(error)}`)
  assert.equal(error.problem.code, code)
  return error.problem.detail ?? ''
}
