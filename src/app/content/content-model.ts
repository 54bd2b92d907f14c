import type { LocaleLink } from '#catalogue/content/locales.ts'
import { listContentBranches } from '#store/content-branch.ts'
import { listContentLocales } from '#store/content-locale.ts'
import { listContentTypes } from '#store/content-type.ts'
import { authorize } from '../authorize.ts'
import type { Context, House } from '../context.ts'
import { memoryOf } from '../memory.ts'
import type { Place } from './content-place.ts'
import { viewContentType, type ContentTypeView } from './get-content-type.ts'

/** More content types than any branch has. */
const every = 100_000

/** What a project's content is ordered by. */
export interface ContentModel {
  /** Ids by uid. */
  branches: ReadonlyMap<string, string>
  locales: readonly LocaleLink[]
}

/** Remembered, see Memory: readers ask for it with every request. The caller authorises. */
export async function contentModel(
  house: Pick<House, 'db' | 'now'>,
  project_id: string,
): Promise<ContentModel> {
  const load = async () => ({
    branches: new Map((await listContentBranches(house.db, project_id)).map(({ uid, id }) => [uid, id])),
    locales: await listContentLocales(house.db, project_id),
  })
  const found = await memoryOf(house).recall(`model ${project_id}`, house.now().getTime(), load)
  return found ?? load()
}

/** The content types of a branch as those who write there find them, by uid. Empty without the branch. */
export async function knownTypes(
  ctx: Context,
  { project_id, branch }: Place,
): Promise<ReadonlyMap<string, ContentTypeView>> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const branch_id = (await contentModel(ctx, project_id)).branches.get(branch)
  return branch_id === undefined ? new Map() : typesOf(ctx, branch_id)
}

/** The content types of a branch by uid, as they are now. Remembered too; the caller authorises. */
export async function typesOf(
  house: Pick<House, 'db' | 'now'>,
  branch_id: string,
): Promise<ReadonlyMap<string, ContentTypeView>> {
  const load = async () => {
    const rows = await listContentTypes(house.db, { branch_id, limit: every, offset: 0 })
    return new Map(rows.map((row) => [row.uid, viewContentType(row)]))
  }
  const found = await memoryOf(house).recall(`types ${branch_id}`, house.now().getTime(), load)
  return found ?? load()
}
