import { Type, type Static } from 'typebox'
import { Id, Nullable } from './schema.ts'

export const Preview = Type.Object(
  {
    release: Id('rel'),
    environment: Type.String(),
    branch: Nullable(Type.String()),
    query: Type.Record(Type.String(), Type.String(), {
      description:
        'What a read of the environment carries beside its own parameters, by a token that may `release.preview`, to be answered as if the release had been deployed',
    }),
    left_out: Type.Array(
      Type.Object({ key: Type.String(), title: Type.String(), code: Type.String(), reason: Type.String() }),
      { description: 'Items that a deploy could not publish now: readers keep what they have' },
    ),
  },
  { $id: 'Preview' },
)
export type Preview = Static<typeof Preview>
