import { Type, type Static } from 'typebox'
import { Id, Nullable, OneOf, SearchQuery, Time } from './schema.ts'

const Version = (description: string) => Nullable(Type.String(), { description })

export const Difference = Type.Object(
  {
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    here: Version('What the release pins; null: not named, or to go'),
    there: Version('What the other side has; null: not there'),
    uncertain: Type.Boolean({ description: 'What is live may be anything: never the same' }),
    change: OneOf(['added', 'removed', 'changed', 'same'], {
      description: 'From there to here: added is only here, removed only there or to go',
    }),
  },
  { $id: 'Difference' },
)
export type Difference = Static<typeof Difference>

export const DiffQuery = SearchQuery({
  against: Type.String({
    minLength: 1,
    maxLength: 200,
    description:
      'A revision (`rev_…`), another release of the project (`rel_…`), or what is live: `live:<environment>`',
  }),
  change: Type.Optional(
    OneOf(['added', 'removed', 'changed', 'same'], { description: 'All that differs when left out' }),
  ),
})

export const ChangelogEntry = Type.Object(
  {
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    from: Version('What is live; null: not there'),
    to: Version('What would be; null: it goes'),
    uncertain: Type.Boolean(),
    versions: Type.Array(
      Type.Object({
        version: Type.String(),
        name: Nullable(Type.String()),
        title: Type.String(),
        created_by: Nullable(Id('usr')),
        created_at: Time,
      }),
      { description: 'Those that come with it, latest first, at most 20; empty where nothing is known' },
    ),
  },
  { $id: 'ChangelogEntry' },
)
export type ChangelogEntry = Static<typeof ChangelogEntry>

export const ReleaseConflict = Type.Object(
  {
    key: Type.String(),
    title: Type.String(),
    code: OneOf(['other_release', 'underway', 'older_than_live', 'item_removed'], {
      description:
        'other_release: another open release has the item; underway: a deployment of another release waits or runs; older_than_live: a later version is live; item_removed: it is gone from the catalogue',
    }),
    here: Version('What the release pins'),
    there: Version('What the other side has'),
    release_id: Nullable(Id('rel')),
    release_name: Nullable(Type.String()),
    deployment_id: Nullable(Id('dep')),
    environment_name: Nullable(Type.String()),
    due_at: Nullable(Time, { description: 'When the other deployment is due, where it is scheduled' }),
  },
  { $id: 'ReleaseConflict', description: 'Something that touches the same item, or stands against it' },
)
export type ReleaseConflict = Static<typeof ReleaseConflict>

export const Whereabouts = Type.Object(
  {
    environment_id: Id('env'),
    environment_name: Type.String(),
    whereabouts: OneOf(['wholly', 'partly', 'not'], { description: 'Whether the environment is at it' }),
    items: Type.Integer(),
    there: Type.Integer({ description: 'Items that are live exactly as pinned' }),
    uncertain: Type.Integer({ description: 'Items of which nobody knows' }),
    others: Type.Integer({ description: 'For a whole state: what is live beside it' }),
  },
  { $id: 'Whereabouts' },
)
export type Whereabouts = Static<typeof Whereabouts>
