import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Command } from 'commander'
import { createClient } from '#client/client.ts'
import { connecting, explained, tokenFrom, type ServerOptions } from './connecting.ts'

/** `headgate backup -o file.tar.gz`: everything a running server holds, written beside its name until it is whole. */
export function backupCommand(): Command {
  return connecting(new Command('backup'))
    .description('Write a backup of a running server to a file')
    .requiredOption('-o, --output <path>', 'the file; compressed when its name ends in .gz')
    .action(async (options: ServerOptions & { output: string }) => {
      const { output, url } = options
      const client = createClient({ url, token: tokenFrom(options) })
      const part = `${output}.part`
      const answer = await client.backup().catch((error: unknown) => {
        throw explained(error, url)
      })
      try {
        const bytes = Readable.fromWeb(answer as Parameters<typeof Readable.fromWeb>[0])
        const file = createWriteStream(part, { mode: 0o600, flush: true })
        if (output.endsWith('.gz')) await pipeline(bytes, createGzip(), file)
        else await pipeline(bytes, file)
        await rename(part, output)
      } catch (error) {
        await rm(part, { force: true })
        throw new Error(`The backup broke off, and ${part} was removed: ${(error as Error).message}.`)
      }
      console.log(
        `${output} holds everything but the key that opens its secrets: keep HEADGATE_SECRET_KEY elsewhere.`,
      )
    })
}
