import type { AssetView } from '#app/content/get-asset.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import type { UidOf } from '../ids.ts'
import { writeTime } from './time.ts'

/** What an asset's address is made of. */
export interface AssetPlace {
  /** Scheme, host and port under which the client reached us. */
  origin: string
  api_key: string
  branch: string
}

type Told = Pick<AssetView, 'uid' | 'version' | 'title' | 'filename' | 'content_type' | 'size'> &
  Pick<
    AssetView,
    'description' | 'tags' | 'parent_uid' | 'created_by' | 'created_at' | 'updated_by' | 'updated_at'
  >

/** An asset (section 3.5). `file_size` is a text there. */
export function writeAsset(asset: Told, place: AssetPlace, users: UidOf): JsonObject {
  return {
    uid: asset.uid,
    created_at: writeTime(asset.created_at),
    updated_at: writeTime(asset.updated_at),
    created_by: users(asset.created_by),
    updated_by: users(asset.updated_by),
    content_type: asset.content_type,
    file_size: String(asset.size),
    tags: [...asset.tags],
    filename: asset.filename,
    url: assetUrl(asset, place),
    ACL: [],
    is_dir: false,
    parent_uid: asset.parent_uid,
    _version: asset.version,
    title: asset.title,
    description: asset.description,
  }
}

function assetUrl({ uid, version, filename }: Told, { origin, api_key, branch }: AssetPlace): string {
  const path = [api_key, uid, String(version), filename].map(encodeURIComponent).join('/')
  return `${origin}/v3/assets/${path}${branch === 'main' ? '' : `?branch=${encodeURIComponent(branch)}`}`
}

/** A folder of assets. */
export function writeFolder(folder: AssetView, users: UidOf): JsonObject {
  return {
    uid: folder.uid,
    created_at: writeTime(folder.created_at),
    updated_at: writeTime(folder.updated_at),
    created_by: users(folder.created_by),
    updated_by: users(folder.updated_by),
    content_type: 'application/vnd.contenstack.folder',
    tags: [],
    name: folder.title,
    ACL: [],
    is_dir: true,
    parent_uid: folder.parent_uid,
    _version: folder.version,
  }
}
