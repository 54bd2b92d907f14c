import { referenceClosure, type ReachedItem } from '#catalogue/content/reference-closure.ts'
import type { PinnedItem } from '#domain/item.ts'
import { invalidField } from '#domain/errors.ts'
import type { Db } from '#store/database.ts'
import { listReleaseItems } from '#store/release-item.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { readEnvironment, readRelease, type ReleaseNamed } from './read-place.ts'
import { placeOf } from './release-view.ts'

export interface MissingReference extends Pick<ReachedItem, 'key' | 'kind' | 'title' | 'version' | 'depth'> {
  /**
   * `not_live`: it can be added; `in_progress`: its latest version is not finished; `unpublished_here`: the release
   * itself takes it away; `gone`: it was deleted, or nothing is written that could be published.
   */
  code: 'not_live' | 'in_progress' | 'unpublished_here' | 'gone'
  /** Who refers to it: the first of so many. */
  referrers: { key: string; title: string | null }[]
  referrer_count: number
}

const mostReferrers = 20

/**
 * What the items of a release refer to, to any depth, that readers of an environment will not find when it is deployed
 * there: neither pinned in it nor live, in the language or in what that falls back to. What readers find already is not
 * looked into. By depth, then by key. `complete` is false where there is more than can be looked at. Throws
 * `not_found`, `forbidden`, `invalid`.
 */
export async function listMissingReferences(
  ctx: Context,
  input: ReleaseNamed & { environment_id: string },
): Promise<{ missing: MissingReference[]; complete: boolean }> {
  const { release, project } = await readRelease(ctx, input)
  authorize(ctx, 'catalogue.read', placeOf(release))
  if (project.kind !== 'content') throw invalidField('release', 'invalid', 'It is not a release of content.')
  const { id } = await readEnvironment(ctx, input)
  const items = await listReleaseItems(ctx.db, release.id)
  return findMissing(ctx.db, { ...release, environment_id: id, items })
}

/** Inside a caller's transaction, too; the caller authorises. */
export async function findMissing(
  db: Db,
  {
    project_id,
    branch,
    environment_id,
    items,
  }: { project_id: string; branch: string | null; environment_id: string; items: readonly PinnedItem[] },
): Promise<{ missing: MissingReference[]; complete: boolean }> {
  const { reached, complete } = await referenceClosure(db, {
    ...{ project_id, branch: branch ?? 'main', served_in: environment_id },
    items,
  })
  const leaving = new Set(items.flatMap(({ key, version }) => (version === null ? [key] : [])))
  const titles = new Map<string, string | null>(reached.map(({ key, title }) => [key, title]))
  for (const { key, title } of items) titles.set(key, title)
  const missing = reached
    .filter(({ served }) => !served)
    .map(({ key, kind, title, version, depth, referrers, ...state }) => ({
      ...{ key, kind, title: titles.get(key) ?? title, version, depth },
      code: codeOf(leaving.has(key), { kind, version, ...state }),
      referrers: referrers
        .slice(0, mostReferrers)
        .map((from) => ({ key: from, title: titles.get(from) ?? null })),
      referrer_count: referrers.length,
    }))
  return { missing, complete }
}

function codeOf(
  leaves: boolean,
  { kind, version, deleted, in_progress }: Pick<ReachedItem, 'kind' | 'version' | 'deleted' | 'in_progress'>,
): MissingReference['code'] {
  if (leaves) return 'unpublished_here'
  if (kind === null || version === null || deleted) return 'gone'
  return in_progress ? 'in_progress' : 'not_live'
}
