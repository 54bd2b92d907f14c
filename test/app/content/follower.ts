import { listPublishedEntries } from '#app/content/published-entries.ts'
import { syncPublished, type SyncItem, type SyncStart } from '#app/content/sync-published.ts'
import { isDomainError } from '#domain/errors.ts'
import type { ContentHouse } from './content-house.ts'

export const everything: SyncStart = { assets: true }

/** A client that keeps a copy of what it follows: what is served by uid and locale. */
export class Follower {
  readonly copy = new Map<string, string>()
  token: string | undefined
  ended = false
  items: SyncItem[] = []
  #house: ContentHouse
  #start: SyncStart
  #limit: number

  constructor(house: ContentHouse, { start = everything, limit = 100 } = {}) {
    this.#house = house
    this.#start = start
    this.#limit = limit
  }

  /** One page. */
  async step(): Promise<void> {
    const { ctx, place, staging } = this.#house
    const from = this.token === undefined ? { start: this.#start } : { token: this.token }
    const asked = { ...place, environment_id: staging, limit: this.#limit, ...from }
    const { items, token, ended, total, skip } = await syncPublished(ctx, asked)
    if (total < skip + items.length) throw new Error('more than there are in all')
    this.token = token
    this.ended = ended
    this.items = items
    for (const { type, content_type_uid, uid, locale, view } of items) {
      if (type === 'content_type_deleted')
        for (const [key, value] of this.copy)
          if (value.startsWith(`${content_type_uid} `)) this.copy.delete(key)
      const key = this.#start.locales?.length === 1 ? `${uid}` : `${uid} ${locale}`
      if (view) this.copy.set(key, `${view.content_type_uid} ${view.version} ${view.locale}`)
      else this.copy.delete(key)
    }
  }

  /** All pages there are. */
  async catchUp(): Promise<string[]> {
    const told: string[] = []
    do {
      // oxlint-disable-next-line no-await-in-loop
      await this.step()
      told.push(
        ...this.items.map(({ type, uid, locale, content_type_uid: of }) =>
          [type, uid ?? of, locale ?? ''].join(' ').trim(),
        ),
      )
    } while (!this.ended)
    return told
  }
}

/** What readers are served, read whole. */
export async function served(
  { ctx, place, staging, house }: ContentHouse,
  start: SyncStart,
): Promise<Map<string, string>> {
  if (start.locales?.length === 1) {
    const reader = {
      ...place,
      environment_id: staging,
      locale: start.locales[0]!,
      fallback: start.fallback ?? false,
    }
    const lists = await Promise.all(
      ['page', 'note'].map((uid) =>
        listPublishedEntries(ctx, { ...reader, content_type_uid: uid, limit: 1000 }),
      ),
    )
    return new Map(
      lists.flatMap(({ items }) =>
        items.map((one) => [one.uid, `${one.content_type_uid} ${one.version} ${one.locale}`] as const),
      ),
    )
  }
  const rows = await house.db
    .selectFrom('content_published as p')
    .innerJoin('content_item as i', 'i.id', 'p.item_id')
    .select(['i.uid', 'p.locale', 'p.content_type_uid', 'p.version', 'p.source_locale'])
    .where('p.environment_id', '=', staging)
    .execute()
  return new Map(
    rows.map((row) => [
      `${row.uid} ${row.locale}`,
      `${row.content_type_uid} ${row.version} ${row.source_locale}`,
    ]),
  )
}

export const sorted = (map: ReadonlyMap<string, string>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1))

/** What was asked for may be gone already. */
export function unlessMissing(error: unknown): void {
  if (!isDomainError(error, 'not_found') && !isDomainError(error, 'invalid')) throw error
}
