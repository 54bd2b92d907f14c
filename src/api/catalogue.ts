import { Type, type Static } from 'typebox'
import { Id, Nullable, ref, SearchQuery, Time } from './schema.ts'

const Live = Type.Array(
  Type.Object({
    environment_name: Type.String(),
    version: Nullable(Type.String()),
    uncertain: Type.Boolean(),
  }),
  { description: 'Where it is live, and at which version' },
)

export const Commit = Type.Object(
  {
    sha: Type.String({ description: 'In full' }),
    parents: Type.Array(Type.String(), { description: 'The first is what it was merged into' }),
    author: Type.Object({ name: Type.String(), email: Type.String() }),
    authored_at: Time,
    committed_at: Time,
    subject: Type.String({ description: 'The first paragraph of its message, in one line' }),
    body: Type.String({ description: 'The rest of it' }),
    repository: Type.String({ description: 'As `acme/shop`' }),
    live: Live,
  },
  { $id: 'Commit' },
)
export type Commit = Static<typeof Commit>

/** What a fetch found: where the project's branch stands now. */
export const Fetched = Type.Object({
  repository: Type.String(),
  branch: Nullable(Type.String()),
  commit: Nullable(Type.String({ description: 'Null where the repository has no such branch yet' })),
})
export type Fetched = Static<typeof Fetched>

export const CatalogueItem = Type.Object(
  {
    key: Type.String({ description: 'What a release names it by; of code, the repository' }),
    kind: Type.String({ description: 'What it is an instance of: a content type, asset, or commit' }),
    title: Type.String(),
    version: Type.String({ description: 'The latest' }),
    in_progress: Type.Boolean({ description: 'The latest version is not finished' }),
    updated_by: Nullable(Id('usr')),
    updated_at: Time,
    live: Live,
    commit: Type.Optional(ref(Commit)),
  },
  { $id: 'CatalogueItem' },
)
export type CatalogueItem = Static<typeof CatalogueItem>

export const CatalogueQuery = SearchQuery({
  branch: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 250,
      description: 'Of content, main when left out; of code, what the project says',
    }),
  ),
  kind: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  locale: Type.Optional(Type.String({ minLength: 1, maxLength: 32 })),
  all: Type.Optional(
    Type.Boolean({ description: 'Of code: also commits that touch none of the paths of the project' }),
  ),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Part of its title or uid; of code, of its message or author, or the beginning of its id',
    }),
  ),
})
