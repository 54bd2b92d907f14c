import { Type, type Static } from 'typebox'
import { Id, Nullable, SearchQuery, Time } from './schema.ts'

export const CatalogueItem = Type.Object(
  {
    key: Type.String({ description: 'What a release names it by' }),
    kind: Type.String({ description: 'What it is an instance of: a content type, or asset' }),
    title: Type.String(),
    version: Type.String({ description: 'The latest' }),
    in_progress: Type.Boolean({ description: 'The latest version is not finished' }),
    updated_by: Nullable(Id('usr')),
    updated_at: Time,
    live: Type.Array(
      Type.Object({
        environment_name: Type.String(),
        version: Nullable(Type.String()),
        uncertain: Type.Boolean(),
      }),
      { description: 'Where it is live, and at which version' },
    ),
  },
  { $id: 'CatalogueItem' },
)
export type CatalogueItem = Static<typeof CatalogueItem>

export const CatalogueQuery = SearchQuery({
  branch: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'main when left out' })),
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  locale: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of its title or uid' })),
})
