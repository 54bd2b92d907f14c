import type { Problem } from '#api/problem.ts'

/** A refusal of the server, as it said it. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.name = 'ProblemError'
    this.problem = problem
  }

  /** What is no problem of ours (a proxy's page, another server) is told by its status. */
  static async from(response: Response): Promise<ProblemError> {
    const text = await response.text()
    if (response.headers.get('content-type')?.startsWith('application/problem+json'))
      return new ProblemError(JSON.parse(text) as Problem)
    const { status, statusText } = response
    const title = `The server at ${new URL(response.url).origin} answered ${status} ${statusText}`.trim()
    return new ProblemError({ type: 'about:blank', title, status, code: 'internal', request_id: '' })
  }
}
