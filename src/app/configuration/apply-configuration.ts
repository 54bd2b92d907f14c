import type { Action } from '#domain/roles.ts'
import { claimConfiguration } from '#store/configuration-turn.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { checkConfiguration } from './check-configuration.ts'
import type { Environment } from './configuration-text.ts'
import { declareProject } from './declare-project.ts'
import { declareTokens } from './declare-tokens.ts'
import { declareWebhooks } from './declare-webhooks.ts'
import { declareUsers, hashPasswords } from './declare-users.ts'
import { placing } from './placing.ts'
import type { ProjectPart } from './project-part.ts'

export interface ConfigurationFile {
  text: string
  /** Its name, for errors. */
  file: string
  /** The folder that its paths are relative to: where it lies. Left out, where this process was started. */
  folder?: string
  /** What `{ env: NAME }` stands for. */
  environment: Environment
  /** Says what it would change, and changes nothing. */
  dry_run?: boolean
}

/** A file may hold anything of these, so who applies one may do all of them. */
const needed: readonly Action[] = ['project.admin', 'environment.admin', 'user.admin', 'token.admin']

/**
 * Brings users, tokens, projects, environments and webhooks to what a headgate.yaml says, in one transaction, and leaves alone
 * what it does not name. Returns the diff: `+ project website`, `~ user ada@example.com grants`; nothing when
 * nothing differs. Throws `forbidden`, and `invalid` with file, line and key.
 */
export async function applyConfiguration(
  ctx: Context,
  parts: readonly ProjectPart[],
  { text: source, file, folder = process.cwd(), environment, dry_run = false }: ConfigurationFile,
): Promise<string[]> {
  for (const action of needed) authorize(ctx, action)
  // Only who applies a file needs to read one: YAML costs some megabytes.
  const { readConfigurationText } = await import('./configuration-text.ts')
  const text = readConfigurationText(source, file, environment)
  const { users = [], tokens = [], projects = [], webhooks = [] } = checkConfiguration(text, parts)
  const passwords = await hashPasswords(ctx, users)
  const work = transact(ctx, async (unit) => {
    const lines: string[] = []
    // Several processes may start with the same file at once.
    await claimConfiguration(unit.tx)
    // Roles and tokens name projects, tokens name users.
    for (const [index, project] of projects.entries())
      lines.push(
        ...(await placing(text, `projects.${index}`, () =>
          declareProject(ctx, unit, project, parts, folder),
        )),
      )
    lines.push(...(await declareUsers(ctx, unit, text, users, passwords)))
    lines.push(...(await declareTokens(ctx, unit, text, tokens)))
    lines.push(...(await declareWebhooks(ctx, unit, text, webhooks)))
    if (dry_run) throw new DryRun(lines)
    if (lines.length > 0)
      unit.record({ kind: 'configuration.applied', data: { file, changes: lines.slice(0, 1000) } })
    return lines
  })
  const lines = await work.catch((error: unknown) => {
    if (!(error instanceof DryRun)) throw error
    return error.lines
  })
  return lines
}

/** Undoes the transaction once it has told what it would change. */
class DryRun extends Error {
  readonly lines: string[]

  constructor(lines: string[]) {
    super('a dry run')
    this.lines = lines
  }
}
