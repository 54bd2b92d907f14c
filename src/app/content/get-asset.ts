import type { AssetData } from '#catalogue/content/read-asset.ts'
import { DomainError } from '#domain/errors.ts'
import { findDraft, type DraftView } from '#store/content-draft.ts'
import { findContentItem } from '#store/content-item.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, refuseVersion, type Place } from './content-place.ts'
import { readPublishDetails, type PublishDetail } from './list-publish-details.ts'

/** An asset as one of its versions says it, or a folder: then the title is its name and the rest is empty. */
export interface AssetView {
  id: string
  uid: string
  kind: 'asset' | 'folder'
  version: number
  title: string
  filename: string
  content_type: string
  /** In bytes. */
  size: number
  digest: string
  description: string
  tags: string[]
  /** The folder that it lies in; null at the root. */
  parent_uid: string | null
  created_by: string | null
  created_at: Date
  /** Of this version. */
  updated_by: string | null
  updated_at: Date
  publish_details?: PublishDetail[]
}

export function viewAsset({ kind, title, data, ...row }: DraftView): AssetView {
  const {
    filename = '',
    content_type = '',
    size = 0,
    digest = '',
    description = '',
    tags = [],
  } = data as Partial<AssetData>
  const { id, uid, version, parent_uid, created_by, created_at, updated_by, updated_at } = row
  const file = { filename, content_type, size, digest, description, tags }
  const authors = { created_by, created_at, updated_by, updated_at }
  return {
    id,
    uid,
    kind: kind === 'folder' ? 'folder' : 'asset',
    version,
    title,
    ...file,
    parent_uid,
    ...authors,
  }
}

export type AssetKey = Place & { uid: string }

/** Throws `not_found`: the branch, asset or version. */
export async function getAsset(
  ctx: Context,
  asked: AssetKey & { version?: number; with_publish_details?: boolean },
): Promise<AssetView> {
  authorize(ctx, 'catalogue.read', { project_id: asked.project_id, branch: asked.branch })
  const row = await readAsset(ctx, asked)
  const view = viewAsset(row)
  if (!asked.with_publish_details) return view
  const details = await readPublishDetails(ctx, row.branch_id, [asked.uid])
  return { ...view, publish_details: details.get(asked.uid) ?? [] }
}

/** The caller authorises. */
export async function readAsset(
  ctx: Context,
  { project_id, branch, uid, version }: AssetKey & { version?: number },
): Promise<DraftView> {
  refuseVersion(version)
  const key = { project_id, branch, uid, kind: 'asset', content_type_uid: null, follow: true } as const
  const row = await findDraft(ctx.db, version === undefined ? key : { ...key, version })
  if (row) return row
  await getPlace(ctx.db, { project_id, branch })
  const there = version !== undefined && (await findContentItem(ctx.db, key, 'asset'))
  throw there
    ? new DomainError('not_found', { what: 'version', id: String(version) })
    : new DomainError('not_found', { what: 'asset', id: uid })
}

/** Throws `not_found`: the branch or folder. */
export async function getFolder(ctx: Context, { project_id, branch, uid }: AssetKey): Promise<AssetView> {
  authorize(ctx, 'catalogue.read', { project_id, branch })
  const row = await findDraft(ctx.db, {
    project_id,
    branch,
    uid,
    kind: 'folder',
    content_type_uid: null,
    follow: true,
  })
  if (row) return viewAsset(row)
  await getPlace(ctx.db, { project_id, branch })
  throw new DomainError('not_found', { what: 'folder', id: uid })
}
