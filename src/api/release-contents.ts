import { Type, type Static } from 'typebox'
import { Exactly, Nullable, OneOf, Page, SearchQuery } from './schema.ts'

const EnvironmentName = Type.String({ minLength: 1, maxLength: 200, description: 'An environment by name' })

const Served = Nullable(
  Type.Object({
    version: Type.Integer(),
    source_locale: Type.String({ description: 'The locale that the version is written in' }),
    locale: Type.String({ description: 'The locale under which it is live' }),
  }),
  { description: 'Null: readers get nothing' },
)

const Value = (description: string) => Type.Unknown({ description })

export const ReaderChange = Type.Object(
  {
    item: Type.String({ description: 'branch/uid' }),
    kind: Type.String(),
    title: Type.String(),
    views: Type.Array(
      Type.Object({
        locales: Type.Array(
          Type.Object({
            code: Type.String(),
            by_fallback: Type.Boolean({
              description: 'It is not changed itself: its readers fall back to a locale that is',
            }),
          }),
          { description: 'Whose readers see this' },
        ),
        change: OneOf(['added', 'removed', 'changed', 'same'], {
          description: 'same: another version, or the same under another locale, that says the same',
        }),
        before: Served,
        after: Served,
        fields: Type.Array(
          Type.Object({
            path: Type.String({ description: 'As in seo.slug and blocks.2.hero.title' }),
            name: Type.String({ description: 'What people see of it' }),
            type: Nullable(Type.String(), { description: 'Null: the content type does not know the field' }),
            change: OneOf(['added', 'removed', 'changed']),
            before: Value('Null where nothing is filled in; references and files come with their titles'),
            after: Value('Long texts are cut, long documents are told as …'),
          }),
        ),
        more_fields: Type.Integer({ description: 'How many more differ than are told' }),
      }),
    ),
  },
  {
    $id: 'ReaderChange',
    description:
      'What readers get of one item instead of what they get now; who asks without fallbacks gets nothing where a fallback stands',
  },
)
export type ReaderChange = Static<typeof ReaderChange>

/** Fewer at once than of other lists: each item comes with its fields. */
const contentsPaging = {
  limit: Type.Integer({ minimum: 1, maximum: 50, default: 20, description: 'How many items at most' }),
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, description: 'The `next` of the page before' }),
  ),
}
export const ContentsQuery = Exactly(contentsPaging)
export const ReleaseContentsQuery = Exactly({ ...contentsPaging, environment: EnvironmentName })

export const MissingReference = Type.Object(
  {
    key: Type.String(),
    kind: Nullable(Type.String(), { description: 'Content type, or asset; null: there is no such item' }),
    title: Nullable(Type.String()),
    version: Nullable(Type.String(), { description: 'Its latest, at which it would be added' }),
    depth: Type.Integer({ description: '1: an item of the release refers to it' }),
    code: OneOf(['not_live', 'in_progress', 'unpublished_here', 'gone'], {
      description:
        'not_live: it can be added; in_progress: its latest version is not finished; unpublished_here: the release itself takes it away; gone: it was deleted or is not written',
    }),
    referrers: Type.Array(Type.Object({ key: Type.String(), title: Nullable(Type.String()) }), {
      description: 'Who refers to it, at most 20',
    }),
    referrer_count: Type.Integer(),
  },
  {
    $id: 'MissingReference',
    description: 'What items of a release refer to and readers of an environment would not find',
  },
)

export const MissingReferences = Type.Object({
  ...Page(MissingReference).properties,
  complete: Type.Boolean({ description: 'False: there are more references than are looked at, 20,000' }),
})
export type MissingReferences = Static<typeof MissingReferences>

export const MissingQuery = SearchQuery({ environment: EnvironmentName })
export const MissingFix = Exactly({ environment: EnvironmentName })
