import { Type, type Static } from 'typebox'
import { settableLimits } from '../limits.ts'
import { Int, Names, orNull, schedule, Text, Uid, wrapped } from '../wire.ts'

/** How long it may be is the project's setting: see limits.ts. */
const ReleaseName = Type.String({ minLength: 1, maxLength: settableLimits.release_name_characters.most })
const ReleaseText = Type.Optional(orNull(Text))
const Flag = Type.Optional(Type.Boolean())

/** Only null and nothing are taken: there are no variants here. */
const Variant = Type.Optional(Type.Unknown())

export const ReleaseItem = Type.Object({
  uid: Uid,
  content_type_uid: Type.Optional(Uid),
  version: Type.Optional(orNull(Int)),
  locale: Type.Optional(Uid),
  action: Type.Optional(Type.Enum(['publish', 'unpublish'])),
  title: Type.Optional(orNull(Text)),
  variant_id: Variant,
})
export type ReleaseItem = Static<typeof ReleaseItem>

const ItemList = Type.Array(ReleaseItem)

export const NewRelease = wrapped(
  'release',
  Type.Object({
    name: ReleaseName,
    description: ReleaseText,
    locked: Flag,
    archived: Flag,
    items: Type.Optional(ItemList),
  }),
)

export const ReleaseChange = wrapped(
  'release',
  Type.Object({ name: Type.Optional(ReleaseName), description: ReleaseText, locked: Flag, archived: Flag }),
)

/** Both shapes at both addresses: one SDK posts `item` to `/items`. */
export const AddItems = Type.Object({ item: Type.Optional(ReleaseItem), items: Type.Optional(ItemList) })

/** An item of a release as it is named to be removed or moved. */
const ItemName = Type.Object({ uid: Uid, locale: Type.Optional(Uid), variant_id: Variant })
export type ItemName = Static<typeof ItemName>

export const RemoveItems = Type.Object({
  item: Type.Optional(ItemName),
  items: Type.Optional(Type.Array(ItemName)),
})

/** `["$all"]` or names: the pattern says what a text must be, the rest what an object must. */
const NameOrAll = Type.Unsafe<ItemName | '$all'>({
  ...ItemName,
  type: ['object', 'string'],
  pattern: '^\\$all$',
})

export const MoveItems = Type.Object({ release_uid: Uid, items: Type.Array(NameOrAll, { minItems: 1 }) })

export const UpdateItems = Type.Object({ items: Type.Array(Type.Unknown()) })

export const Deploy = wrapped(
  'release',
  Type.Object({
    environments: Names,
    locales: Type.Optional(Type.Array(Uid, { maxItems: 100 })),
    action: Type.Optional(orNull(Text)),
    ...schedule,
    // Ours: the vendor's clients do not send them.
    all_or_nothing: Flag,
    skip_items_webhook_trigger: Flag,
    dry_run: Flag,
  }),
)

/** One SDK misspells the description. */
export const Clone = wrapped(
  'release',
  Type.Object({ name: ReleaseName, description: ReleaseText, desctiption: ReleaseText }),
)
