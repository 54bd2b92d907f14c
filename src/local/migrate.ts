import { Command } from 'commander'

/** `headgate migrate`: brings the store to this version's tables, which `serve` does too. */
export function migrateCommand({ migrate }: { migrate: () => Promise<string[]> }): Command {
  return new Command('migrate').description('Apply the migrations that the store lacks').action(async () => {
    const applied = await migrate()
    if (applied.length === 0) console.log('The store is up to date.')
    for (const name of applied) console.log(`applied ${name}`)
  })
}
