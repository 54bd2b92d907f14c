import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { createClient } from '#client/client.ts'
import { connecting, explained, tokenFrom, type ServerOptions } from './connecting.ts'

interface ApplyOptions extends ServerOptions {
  file: string
  dryRun?: boolean
}

/** `headgate apply -f headgate.yaml`: brings a running server to what the file says, and prints what that changed. */
export function applyCommand(): Command {
  return connecting(new Command('apply'))
    .description('Apply a headgate.yaml to a running server')
    .requiredOption('-f, --file <path>', 'the file')
    .option('--dry-run', 'say what it would change, and change nothing')
    .action(async (options: ApplyOptions) => {
      const token = tokenFrom(options)
      const yaml = await readFile(options.file, 'utf8')
      const { referencedVariables } = await import('./referenced-variables.ts')
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
