import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { readLog } from '#app/logs/read-log.ts'
import { commandExecutor } from '#executors/command/index.ts'
import type { Db } from '#store/database.ts'
import { warehouse, type Warehouse } from '../../engine/warehouse.ts'

export interface CommandHouse extends Warehouse {
  /** A folder of the test's own, in which commands run. */
  folder: string
  /** From now on the environment deploys by this script of sh. */
  script(text: string, settings?: object): Promise<void>
  /** The lines of a log: `stream text`. */
  logOf(subject: { deployment_id: string } | { run_id: string }): Promise<string[]>
}

/** A warehouse whose first environment deploys by a command that ends quickly when it is asked to. */
export async function commandHouse(t: TestContext, { graceMs = 300 } = {}): Promise<CommandHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-command-test-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  const house = await warehouse(t, { executor: 'command', executors: [commandExecutor({ graceMs })] })
  return {
    ...house,
    folder,
    async script(text, settings = {}) {
      const file = join(folder, 'deploy.sh')
      await writeFile(file, `#!/bin/sh\n${text}\n`)
      await chmod(file, 0o755)
      const all = { command: [file], working_folder: folder, timeout_seconds: 60, ...settings }
      await setExecutor(house.ctx.db, house.environment.id, 'command', all)
    },
    async logOf(subject) {
      const { lines } = await readLog(house.ctx, { ...subject, after: 0, limit: 10_000 })
      return lines.map(({ stream, text }) => `${stream} ${text}`)
    },
  }
}

export async function setExecutor(db: Db, id: string, executor: string, settings: object): Promise<void> {
  await sql`update environment set executor = ${executor}, executor_settings = ${JSON.stringify(settings)}::jsonb
    where id = ${id}`.execute(db)
}

/** Waits until a log has this line. */
export async function said(
  house: Pick<CommandHouse, 'logOf'>,
  subject: { deployment_id: string } | { run_id: string },
  line: string,
): Promise<void> {
  for (const until = performance.now() + 20_000; ;) {
    const lines = await house.logOf(subject)
    if (lines.includes(line)) return
    if (performance.now() > until) throw new Error(`nobody said "${line}":\n${lines.join('\n')}`)
    await sleep(20)
  }
}

/** Whether a process runs; one that is dead and not yet buried does not. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}
