import { Command } from 'commander'

/** What main.ts does with a backup. */
export interface Restoring {
  restore(
    file: string,
    options: { anyKey: boolean },
  ): Promise<{
    made_at: string
    rows: number
    blobs: number
    migrated: string[]
  }>
}

/** `headgate restore file.tar`: into an empty store, with no server on it. */
export function restoreCommand({ restore }: Restoring): Command {
  return new Command('restore')
    .description('Bring back a backup into an empty store, with the settings of the environment')
    .argument('<file>', 'what `headgate backup` wrote, compressed or not')
    .option('--any-key', 'also one made with another HEADGATE_SECRET_KEY: its secrets will be unreadable')
    .action(async (file: string, { anyKey = false }: { anyKey?: boolean }) => {
      const { made_at, rows, blobs, migrated } = await restore(file, { anyKey })
      console.log(`Restored ${rows} rows and ${blobs} blobs as they were at ${made_at}.`)
      for (const name of migrated) console.log(`applied ${name}`)
    })
}
