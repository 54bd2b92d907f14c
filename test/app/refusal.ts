import { DomainError, isDomainError, type ErrorCode, type ErrorDetails } from '#domain/errors.ts'

/** The details of the error that a use-case answers with; fails when it answers otherwise, or throws instead. */
export async function refusal<C extends ErrorCode>(
  asked: () => Promise<unknown>,
  code: C,
): Promise<ErrorDetails[C]> {
  const answer = asked()
  const error: unknown = await answer.then(
    () => new Error(`not refused with ${code}, but done`),
    (thrown: unknown) => thrown,
  )
  if (isDomainError(error, code)) return error.details
  throw error
}

/** The code with which a use-case refuses, or `done`. */
export async function answerOf(asked: () => Promise<unknown>): Promise<string> {
  return asked().then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof DomainError) return error.code
      throw error
    },
  )
}
