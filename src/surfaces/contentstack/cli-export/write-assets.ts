import { walkItems } from '#app/imports/walk-items.ts'
import { viewAsset, type AssetView } from '#app/content/get-asset.ts'
import type { PublishDetail } from '#app/content/list-publish-details.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { writeAsset, writeFolder } from '../translate/asset.ts'
import { writePublishDetails } from '../translate/entry.ts'
import { segment } from './segment.ts'
import { chunked, jsonFile, type OutFile } from './out-file.ts'
import type { Writing } from './writing.ts'

const nobody = () => null

/** What the vendor leaves out of an exported asset. */
const left = ['created_at', 'updated_at', 'created_by', 'updated_by'] as const

/** Folders, then what is said of assets, then their bytes. */
export async function* writeAssets(writing: Writing): AsyncIterable<OutFile> {
  const { ctx, place } = writing
  const folders: JsonObject[] = []
  for await (const { items } of walkItems(ctx, { ...place, kind: 'folder' }))
    for (const item of items) folders.push(writeFolder(viewAsset(item), nobody))
  if (folders.length > 0) yield jsonFile('assets/folders.json', folders)
  yield* chunked('assets', 'assets', 'assets.json', ctx.newId, allAssets(writing))
  for await (const { items } of walkItems(ctx, { ...place, kind: 'asset' }))
    for (const item of items) yield await fileOf(writing, viewAsset(item))
}

async function* allAssets(writing: Writing) {
  const { ctx, place } = writing
  for await (const { items, details } of walkItems(ctx, { ...place, kind: 'asset' }))
    for (const item of items) yield toldAsset(writing, viewAsset(item), details.get(item.uid))
}

export function toldAsset(
  { api_key, place, environments }: Writing,
  asset: AssetView,
  details: readonly PublishDetail[] = [],
): JsonObject & { uid: string } {
  const told = writeAsset(asset, { origin: '', api_key, branch: place.branch }, nobody)
  for (const key of left) delete told[key]
  const publish_details = writePublishDetails([...details], { users: nobody, environments })
  return { ...told, uid: asset.uid, publish_details }
}

async function fileOf({ ctx }: Writing, { uid, filename, size, digest }: AssetView): Promise<OutFile> {
  const name = `assets/files/${segment(uid)}/${segment(filename)}`
  return { name, size, content: open() }
  // Opened when its turn comes: a tar is read one file after the other.
  async function* open() {
    yield* await ctx.blobs.open(digest)
  }
}
