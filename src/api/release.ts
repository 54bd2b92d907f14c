import { Type, type Static } from 'typebox'
import { Description, Exactly, Id, Name, Nullable, OneOf, Reason, ref, Time } from './schema.ts'

export const Release = Type.Object(
  {
    id: Id('rel'),
    project_id: Id('prj'),
    branch: Nullable(Type.String()),
    name: Type.String(),
    description: Type.String(),
    lock: Nullable(OneOf(['user', 'deployment'], { description: 'Only the lock of a user is a gate' })),
    lock_reason: Nullable(Type.String()),
    locked_by: Nullable(Id('usr')),
    locked_at: Nullable(Time),
    archived: Type.Boolean(),
    allowed_actions: Type.Array(OneOf(['edit', 'lock', 'unlock', 'clone', 'remove'])),
    version: Type.Integer({ description: 'Also its ETag' }),
    item_count: Type.Optional(Type.Integer()),
    created_by: Nullable(Id('usr')),
    updated_by: Nullable(Id('usr')),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Release' },
)
export type Release = Static<typeof Release>

export const NewRelease = Exactly({
  name: Name,
  description: Type.Optional(Description),
  branch: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Of the catalogue; main when left out' }),
  ),
})
export type NewRelease = Static<typeof NewRelease>

export const ReleaseChange = Exactly({
  name: Type.Optional(Name),
  description: Type.Optional(Description),
  archived: Type.Optional(Type.Boolean()),
})
export type ReleaseChange = Static<typeof ReleaseChange>

export const LockChange = Exactly({ reason: Type.Optional(Reason) })
export type LockChange = Static<typeof LockChange>

export const ReleaseClone = Exactly({ name: Name, description: Type.Optional(Description) })
export type ReleaseClone = Static<typeof ReleaseClone>

const ItemKey = Type.String({ minLength: 1, maxLength: 300, description: 'Content: branch/uid/locale' })

export const ReleaseItem = Type.Object(
  {
    key: ItemKey,
    kind: Type.String({ description: 'What it is an instance of: a content type, or asset' }),
    action: OneOf(['publish', 'unpublish', 'set']),
    version: Nullable(Type.String()),
    title: Type.String(),
  },
  { $id: 'ReleaseItem' },
)
export type ReleaseItem = Static<typeof ReleaseItem>

export const NewReleaseItems = Exactly({
  items: Type.Array(
    Exactly({
      key: ItemKey,
      kind: Type.Optional(Type.String({ maxLength: 128 })),
      version: Type.Optional(
        Nullable(Type.Integer({ minimum: 1, maximum: 999_999_999, description: 'The latest when left out' })),
      ),
      action: Type.Optional(OneOf(['publish', 'unpublish'], { description: 'publish when left out' })),
    }),
    { minItems: 1, maxItems: 10_000 },
  ),
})
export type NewReleaseItems = Static<typeof NewReleaseItems>

export const RemovedItems = Exactly({
  keys: Type.Union([Type.Array(ItemKey, { minItems: 1, maxItems: 10_000 }), Type.Literal('all')]),
})
export type RemovedItems = Static<typeof RemovedItems>

export const MovedItems = Exactly({
  to: Id('rel', 'Another release of the same branch, open as well'),
  keys: Type.Union([Type.Array(ItemKey, { minItems: 1, maxItems: 10_000 }), Type.Literal('all')]),
})
export type MovedItems = Static<typeof MovedItems>

export const Revision = Type.Object(
  {
    id: Id('rev'),
    number: Type.Integer(),
    digest: Type.String({ description: 'SHA-256 over canonical JSON (RFC 8785)' }),
    scope: OneOf(['change_set', 'whole_state']),
    item_count: Type.Integer(),
    created_by: Nullable(Id('usr')),
    created_at: Time,
  },
  { $id: 'Revision' },
)
export type Revision = Static<typeof Revision>

export const PinnedRevision = Type.Object(
  { ...Revision.properties, items: Type.Array(ref(ReleaseItem), { description: 'All of them, whole' }) },
  { $id: 'PinnedRevision' },
)
export type PinnedRevision = Static<typeof PinnedRevision>
