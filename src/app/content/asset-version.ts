import type { AssetData } from '#catalogue/content/read-asset.ts'
import type { NewVersion } from '#store/content-version-write.ts'

/** A version of an asset or a folder: it keeps no type's rules, points at nothing and need not be unique. */
export function assetVersion(masterLocale: string, data: AssetData | { title: string }): NewVersion {
  return {
    locale: masterLocale,
    title: data.title,
    data,
    in_progress: false,
    type_version: null,
    reference_uids: [],
    unique: [],
  }
}
