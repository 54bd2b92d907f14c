import { listToldVersions as rows, type ToldQuestion } from '#store/content-told.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { viewAsset, type AssetView } from './get-asset.ts'
import { viewEntry, type EntryView } from './get-entry.ts'

export type { ToldQuestion }

/** What messages tell of: entries and assets as versions of theirs said them, by their places in the request. */
export interface ToldVersions {
  entries: Map<number, EntryView & { branch: string }>
  assets: Map<number, AssetView & { branch: string }>
}

/** Any number of versions of a project at once, also of what was deleted since. What is not there is missing. */
export async function listToldVersions(
  ctx: Context,
  { project_id, asked }: { project_id: string; asked: readonly ToldQuestion[] },
): Promise<ToldVersions> {
  authorize(ctx, 'catalogue.read', { project_id })
  const told: ToldVersions = { entries: new Map(), assets: new Map() }
  for (const { n, branch, ...row } of await rows(ctx.db, project_id, asked)) {
    if (row.kind === 'entry') told.entries.set(n, { ...viewEntry(row), branch })
    else told.assets.set(n, { ...viewAsset(row), branch })
  }
  return told
}
