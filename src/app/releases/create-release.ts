import { insertRelease } from '#store/release.ts'
import type { Annotations } from '#store/columns.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { placeOf, viewRelease, type ReleaseView } from './release-view.ts'

export interface NewRelease {
  project_id: string
  /** The branch its items stand on, where the catalogue has branches. */
  branch: string | null
  name: string
  description?: string
  locked?: boolean
  archived?: boolean
  annotations?: Annotations
  /** Made for one deployment and listed nowhere. */
  one_shot?: boolean
}

export async function createRelease(ctx: Context, input: NewRelease): Promise<ReleaseView> {
  authorize(ctx, 'release.edit', placeOf(input))
  if (input.locked) authorize(ctx, 'release.lock', placeOf(input))
  return transact(ctx, (unit) => createReleaseIn(ctx, unit, input))
}

/** The rows and the event only; the caller authorises. */
export async function createReleaseIn(ctx: Context, unit: Unit, input: NewRelease): Promise<ReleaseView> {
  const at = ctx.now()
  const author = authorIn(ctx)
  const row = await insertRelease(unit.tx, {
    id: ctx.newId(),
    project_id: input.project_id,
    branch: input.branch,
    name: input.name,
    description: input.description ?? '',
    one_shot: input.one_shot ?? false,
    lock: input.locked ? 'user' : null,
    locked_by: input.locked ? author : null,
    locked_at: input.locked ? at : null,
    archived: input.archived ?? false,
    annotations: JSON.stringify(input.annotations ?? {}),
    created_by: author,
    updated_by: author,
    created_at: at,
    updated_at: at,
  })
  if (!row.one_shot)
    unit.record({
      kind: 'release.created',
      project_id: row.project_id,
      subject_id: row.id,
      data: { name: row.name },
    })
  return viewRelease(row)
}
