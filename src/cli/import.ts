import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import type { Import } from '#api/import.ts'
import { createClient, type Client } from '#client/client.ts'
import { ProblemError } from '#client/problem-error.ts'
import { connecting, explained, tokenFrom, type ServerOptions } from './connecting.ts'
import { packFolder } from './pack-folder.ts'
import { describeImport } from './describe-import.ts'

interface ImportOptions extends ServerOptions {
  project: string
  branch?: string
  sourceBranch?: string
  dryRun?: boolean
  publish: boolean
  wait: boolean
}

/** How long the command looks on while what it asked for is deployed. */
const waitMs = 60_000

/**
 * `headgate import <format> <folder> --project website`: brings the content of another system in and says what
 * became of it. Sent again, it changes only what differs.
 */
export function importCommand(formats: readonly string[]): Command {
  return connecting(new Command('import'))
    .description('Bring content in from the files that another system exported')
    .argument('<format>', `whose files they are: ${formats.join(', ')}`)
    .argument('<folder>', 'where they lie')
    .requiredOption('--project <key>', 'the content project that it comes into')
    .option('--branch <branch>', 'the branch of the project', 'main')
    .option('--source-branch <branch>', 'which branch of the files, where there are several')
    .option('--dry-run', 'say what it would do, and do nothing')
    .option('--no-publish', 'bring it in without deploying what was live')
    .option('--no-wait', 'do not look on while it is deployed')
    .action(async (format: string, folder: string, options: ImportOptions) => {
      if (!(await stat(folder).catch(() => undefined))?.isDirectory())
        throw new Error(`${folder} is no folder.`)
      const client = createClient({ url: options.url, token: tokenFrom(options) })
      try {
        const made = await bringIn(client, format, folder, options)
        for (const line of await describeImport(client, options.project, made)) console.log(line)
        if (hasSkipped(made)) process.exitCode = 2
      } catch (error) {
        throw explained(error, options.url)
      }
    })
}

async function bringIn(
  client: Client,
  format: string,
  folder: string,
  options: ImportOptions,
): Promise<Import> {
  const { project, branch, sourceBranch: source_branch, dryRun: dry_run, publish, wait } = options
  const asked = {
    format,
    publish,
    ...(branch ? { branch } : {}),
    ...(source_branch ? { source_branch } : {}),
  }
  let made = await client.createImport(project, { ...asked, ...(dry_run ? { dry_run } : {}) })
  for await (const { tar } of packFolder(folder)) {
    const web = Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>
    const { too_large } = await client.sendImportFiles(project, made.id, web)
    for (const path of too_large) console.error(`${path} is larger than an asset may be and was not sent.`)
  }
  while (made.state !== 'finished') made = await goOn(client, project, made)
  return wait ? await settled(client, project, made) : made
}

/** Somebody else may have written the same at the same moment, or the server be about to come back. */
async function goOn(client: Client, project: string, { id }: Import): Promise<Import> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await client.continueImport(project, id)
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.status !== 503 || tries >= 10) throw error
      await sleep(1000)
    }
  }
}

const atRest = [
  'succeeded',
  'partly_succeeded',
  'failed',
  'unchanged',
  'canceled',
  'expired',
  'rejected',
  'invalid',
]

/** Looks on while deployments run. One that waits for somebody is not waited for longer than that. */
async function settled(client: Client, project: string, made: Import): Promise<Import> {
  let now = made
  for (let waited = 0; waited < waitMs; waited += 250) {
    const open = now.deployments.filter(
      ({ state }) => !atRest.includes(state) && state !== 'awaiting_approval',
    )
    if (open.length === 0) return now
    await sleep(250)
    now = await client.getImport(project, made.id)
  }
  return now
}

function hasSkipped({ counts }: Import): boolean {
  return Object.values(counts).some(({ skipped = 0 }) => skipped > 0)
}
