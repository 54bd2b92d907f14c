import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { createClient } from '#client/client.ts'
import { ProblemError } from '#client/problem-error.ts'
import { referencedVariables } from './referenced-variables.ts'

interface ApplyOptions {
  file: string
  dryRun?: boolean
  url: string
  token?: string
}

/** `headgate apply -f headgate.yaml`: brings a running server to what the file says, and prints what that changed. */
export function applyCommand(): Command {
  return new Command('apply')
    .description('Apply a headgate.yaml to a running server')
    .requiredOption('-f, --file <path>', 'the file')
    .option('--dry-run', 'say what it would change, and change nothing')
    .option(
      '--url <url>',
      'where the server is, or HEADGATE_URL',
      process.env.HEADGATE_URL || 'http://127.0.0.1:4400',
    )
    .option('--token <secret>', 'a token of an admin; better in HEADGATE_TOKEN, which no process list shows')
    .action(async (options: ApplyOptions) => {
      const token = options.token ?? process.env.HEADGATE_TOKEN
      if (!token) throw new Error('Set HEADGATE_TOKEN to the token of an admin.')
      const yaml = await readFile(options.file, 'utf8')
      // Only what the file names leaves this machine, and only by its name.
      const variables = referencedVariables(yaml, process.env)
      const file = { yaml, name: basename(options.file), variables }
      try {
        const client = createClient({ url: options.url, token })
        const { changes } = await client.applyConfiguration(file, { dry_run: options.dryRun })
        for (const line of changes) console.log(line)
      } catch (error) {
        throw explained(error, options.url)
      }
    })
}

function explained(error: unknown, url: string): unknown {
  if (error instanceof ProblemError) {
    const lines = error.problem.faults?.map(({ detail }) => detail)
    return lines ? new Error(lines.join('\n')) : error
  }
  // fetch says no more than that it failed; why is in its cause.
  const { cause } = error as { cause?: { code?: string; message?: string } }
  const why = cause?.code ?? cause?.message
  return why ? new Error(`No server answers at ${url} (${why}).`) : error
}
