import { contentKey } from '#domain/content-key.ts'
import { listCatalogue as rows, type CatalogueFilter } from '#store/content-catalogue.ts'
import type { Db } from '#store/database.ts'

/** Something that can be released, at its latest version. */
export interface CatalogueItem {
  key: string
  kind: string
  title: string
  version: string
  /** Its latest version is not finished. */
  in_progress: boolean
  updated_by: string | null
  updated_at: Date
}

export interface CataloguePage extends CatalogueFilter {
  limit: number
  /** The key after which the page begins. */
  after?: string
}

/** Entries and assets of a branch in every locale that they are written in, by key. */
export async function listCatalogue(
  db: Db,
  { limit, after, ...filter }: CataloguePage,
): Promise<CatalogueItem[]> {
  const [, uid, locale] = after?.split('/') ?? []
  const place = uid !== undefined && locale !== undefined ? { after: { uid, locale } } : {}
  const found = await rows(db, filter, { limit, ...place })
  return found.map(({ uid: item, locale: code, version, ...rest }) => ({
    ...rest,
    key: contentKey({ branch: filter.branch, uid: item, locale: code }),
    version: String(version),
  }))
}
