import type { Command } from 'commander'
import { ProblemError } from '#client/problem-error.ts'

export interface ServerOptions {
  url: string
  token?: string
}

/** A command that speaks to a running server: where it is, and who asks. */
export function connecting(command: Command): Command {
  return command
    .option(
      '--url <url>',
      'where the server is, or HEADGATE_URL',
      process.env.HEADGATE_URL || 'http://127.0.0.1:4400',
    )
    .option('--token <secret>', 'a token of an admin; better in HEADGATE_TOKEN, which no process list shows')
}

export function tokenFrom({ token = process.env.HEADGATE_TOKEN }: ServerOptions): string {
  if (!token) throw new Error('Set HEADGATE_TOKEN to the token of an admin.')
  return token
}

/** What went wrong, for a person: the server's own words, or that there is none. */
export function explained(error: unknown, url: string): unknown {
  if (error instanceof ProblemError) {
    const lines = error.problem.faults?.map(({ detail }) => detail)
    return lines ? new Error(lines.join('\n')) : error
  }
  // fetch says no more than that it failed; why is in its cause.
  const { cause } = error as { cause?: { code?: string; message?: string } }
  const why = cause?.code ?? cause?.message
  return why ? new Error(`No server answers at ${url} (${why}).`) : error
}
