import { listCodeSettings as rows, type NamedCodeSettings } from '#store/code-settings.ts'
import { allows } from '../authorize.ts'
import type { Context } from '../context.ts'

/** How a project of code releases, as its readers see it: without what a build is configured with. */
export type CodeSettingsView = Omit<NamedCodeSettings, 'build_settings'>

/** Of these projects, as far as the caller may read them, in no order. */
export async function listCodeSettings(
  ctx: Context,
  project_ids: readonly string[],
): Promise<CodeSettingsView[]> {
  const readable = project_ids.filter((project_id) => allows(ctx, 'project.read', { project_id }))
  if (readable.length === 0) return []
  return (await rows(ctx.db, readable)).map(({ build_settings: _, ...view }) => view)
}
