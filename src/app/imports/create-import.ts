import { insertContentImport, removeStaleImports } from '#store/content-import.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context } from '../context.ts'
import { getPlace, type Place } from '../content/content-place.ts'
import type { ContentFormats } from './content-format.ts'
import { formatNamed, viewImport, type ImportView } from './import-view.ts'

export interface NewImport extends Place {
  format: string
  /** Which of several branches that are sent; needed only where there are several. */
  source_branch?: string | undefined
  /** Says what it would do, and does nothing. */
  dry_run?: boolean | undefined
  /** Whether what is published there is deployed here; yes when left out. */
  publish?: boolean | undefined
}

const staleMs = 7 * 24 * 3600 * 1000

/**
 * Begins to bring content into a branch. Files are sent next, and read when all are there. What others began and left
 * for a week is let go of. Throws `invalid` (`format`), `not_found` (the branch).
 */
export async function createImport(
  ctx: Context,
  formats: ContentFormats,
  input: NewImport,
): Promise<ImportView> {
  const { project_id, branch, source_branch = null, dry_run = false, publish = true } = input
  authorize(ctx, 'catalogue.edit', { project_id, branch })
  if (publish) authorize(ctx, 'deployment.request', { project_id, branch })
  const { name: format } = formatNamed(formats, input.format)
  return transact(ctx, async ({ tx }) => {
    await getPlace(tx, { project_id, branch })
    const at = ctx.now()
    await removeStaleImports(tx, project_id, new Date(at.getTime() - staleMs))
    const row = await insertContentImport(tx, {
      ...{ id: ctx.newId(), project_id, branch, format, source_branch, dry_run, publish },
      ...{ state: 'receiving', pieces: null, created_by: authorIn(ctx), created_at: at, updated_at: at },
      finished_at: null,
    })
    return viewImport(row)
  })
}
