import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, Time } from './schema.ts'

const Branch = Type.String({ minLength: 1, maxLength: 64 })
const Format = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Whose layout the files have, by the name of its API',
})

export const Import = Type.Object(
  {
    id: Id('imp'),
    branch: Branch,
    format: Format,
    source_branch: Nullable(Branch),
    dry_run: Type.Boolean(),
    publish: Type.Boolean(),
    state: OneOf(['receiving', 'running', 'finished'], {
      description:
        'receiving takes files; running is read by POST …/run, again and again until it is finished',
    }),
    pieces: Nullable(Type.Integer({ description: 'Pieces of work in all, once it is running' })),
    done: Type.Integer({ description: 'Pieces that are behind it' }),
    counts: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer()), {
      description:
        'How many of each kind became what: `entry.created`, `asset.unchanged`, `publication.requested`',
    }),
    notes: Type.Integer({ description: 'How much there is to know of it; the first 10,000 can be read' }),
    deployments: Type.Array(
      Type.Object({
        id: Id('dep'),
        environment_name: Type.String(),
        state: Type.String(),
        items: Type.Integer(),
      }),
      { description: 'What it asked to be published' },
    ),
    created_at: Time,
    finished_at: Nullable(Time),
  },
  { $id: 'Import' },
)
export type Import = Static<typeof Import>

export const NewImport = Exactly({
  format: Format,
  branch: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'main when left out' })),
  source_branch: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Which branch of the files, where they have several',
    }),
  ),
  dry_run: Type.Optional(Type.Boolean({ description: 'Say what it would do, and do nothing' })),
  publish: Type.Optional(
    Type.Boolean({ description: 'Deploy what was live where it comes from; so when left out' }),
  ),
})
export type NewImport = Static<typeof NewImport>

export const ImportNote = Type.Object(
  {
    kind: OneOf(['skipped', 'changed', 'not_published']),
    file: Type.String({ description: 'Where it was read' }),
    item: Nullable(Type.String({ description: 'Its uid, where it has one' })),
    detail: Type.String(),
  },
  { $id: 'ImportNote' },
)
export type ImportNote = Static<typeof ImportNote>

export const KeptFiles = Type.Object(
  {
    kept: Type.Integer(),
    passed: Type.Integer({ description: 'Files that the format has no use for' }),
    too_large: Type.Array(Type.String(), { description: 'Files that are larger than an asset may be' }),
  },
  { $id: 'KeptFiles' },
)
export type KeptFiles = Static<typeof KeptFiles>

export const ExportQuery = Exactly({
  format: Format,
  branch: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'main when left out' })),
})
