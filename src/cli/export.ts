import { access, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { Command } from 'commander'
import { createClient } from '#client/client.ts'
import { connecting, explained, tokenFrom, type ServerOptions } from './connecting.ts'
import { unpackTar } from './unpack-tar.ts'

interface ExportOptions extends ServerOptions {
  project: string
  branch: string
}

/** `headgate export <format> <folder> --project website`: a branch as files, written beside until it is whole. */
export function exportCommand(formats: readonly string[]): Command {
  return connecting(new Command('export'))
    .description('Write the content of a branch to files that another system reads')
    .argument('<format>', `whose files they shall be: ${formats.join(', ')}`)
    .argument('<folder>', 'where they shall lie; there must be nothing yet')
    .requiredOption('--project <key>', 'the content project')
    .option('--branch <branch>', 'the branch', 'main')
    .action(async (format: string, folder: string, { project, branch, ...options }: ExportOptions) => {
      const target = resolve(folder)
      if (
        await access(target).then(
          () => true,
          () => false,
        )
      )
        throw new Error(`${folder} is there already.`)
      const client = createClient({ url: options.url, token: tokenFrom(options) })
      const tar = await client.exportContent(project, { format, branch }).catch((error: unknown) => {
        throw explained(error, options.url)
      })
      const part = `${target}.part`
      try {
        await rm(part, { recursive: true, force: true })
        await mkdir(dirname(target), { recursive: true })
        const files = await unpackTar(Readable.fromWeb(tar as Parameters<typeof Readable.fromWeb>[0]), part)
        await rename(part, target)
        console.log(`${files} files in ${folder}`)
      } catch (error) {
        await rm(part, { recursive: true, force: true })
        throw new Error(`The export broke off, and nothing was kept: ${(error as Error).message}.`)
      }
    })
}
