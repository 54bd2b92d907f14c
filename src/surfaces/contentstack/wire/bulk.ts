import { Type, type Static } from 'typebox'
import { Int, Name, orNull, schedule, Uid } from '../wire.ts'
import { ReleaseItem } from './release.ts'

const Flag = Type.Optional(Type.Boolean())

/** One code or several: both are sent. */
const Codes = Type.Optional(
  Type.Unsafe<string | string[]>({
    type: ['array', 'string'],
    ...{ minLength: 1, maxLength: 128, maxItems: 100 },
    items: { type: 'string', minLength: 1, maxLength: 128 },
  }),
)

/** The older shape says `content_type`, and names no release: it is told that it has to (section 2.5). */
const BulkReleaseItem = Type.Object({ ...ReleaseItem.properties, content_type: Type.Optional(Uid) })
export type BulkReleaseItem = Static<typeof BulkReleaseItem>

const ofRelease = {
  release: Uid,
  action: Type.Optional(Type.Enum(['publish', 'unpublish'])),
  locale: Codes,
  reference: Flag,
}

export const BulkAdd = Type.Object({
  ...ofRelease,
  items: Type.Array(BulkReleaseItem, { minItems: 1, maxItems: 10_000 }),
})

const ItemOrAll = Type.Unsafe<BulkReleaseItem | '$all'>({
  ...BulkReleaseItem,
  type: ['object', 'string'],
  pattern: '^\\$all$',
})

export const BulkUpdate = Type.Object({
  ...ofRelease,
  items: Type.Array(ItemOrAll, { minItems: 1, maxItems: 10_000 }),
})

/** An empty uid is refused by the route, in words of its own. */
const MaybeUid = Type.String({ maxLength: 128 })

/** The SDK's own declarations say `_content_type_uid`, everything else `content_type`. */
const bulkEntry = {
  uid: MaybeUid,
  content_type: Type.Optional(Uid),
  content_type_uid: Type.Optional(Uid),
  _content_type_uid: Type.Optional(Uid),
  locale: Type.Optional(Uid),
}
const Entries = Type.Optional(
  Type.Array(Type.Object({ ...bulkEntry, version: Type.Optional(orNull(Int)) }), { maxItems: 10_000 }),
)
const Assets = Type.Optional(
  Type.Array(
    Type.Object({ uid: MaybeUid, locale: Type.Optional(Uid), version: Type.Optional(orNull(Int)) }),
    { maxItems: 10_000 },
  ),
)

export const BulkPublish = Type.Object({
  entries: Entries,
  assets: Assets,
  locales: Type.Optional(Type.Array(Uid, { maxItems: 1000 })),
  environments: Type.Array(Name, { minItems: 1, maxItems: 1000 }),
  publish_with_reference: Flag,
  ...schedule,
})
export type BulkPublish = Static<typeof BulkPublish>

export const BulkDelete = Type.Object({ entries: Entries, assets: Assets })
