import { Type, type Static } from 'typebox'
import { Exactly, Nullable, OneOf, Time } from './schema.ts'

export const LogLine = Type.Object(
  {
    position: Type.Integer({ minimum: 1 }),
    at: Time,
    stream: OneOf(['engine', 'stdout', 'stderr', 'callback'], {
      description: 'engine: what Headgate itself says of it',
    }),
    text: Type.String(),
  },
  { $id: 'LogLine' },
)
export type LogLine = Static<typeof LogLine>

export const LogPage = Type.Object(
  {
    items: Type.Array(Type.Unsafe<LogLine>({ $ref: 'LogLine#' })),
    next: Nullable(Type.String({ description: 'null: there are no more now' })),
    final: Type.Boolean({ description: 'It has ended: no line will follow those that are there' }),
  },
  { $id: 'LogPage' },
)
export type LogPage = Static<typeof LogPage>

export const LogQuery = Exactly({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 200, description: 'How many at most' }),
  after: Type.Optional(
    Type.String({ maxLength: 20, description: 'The position of the last line that was seen' }),
  ),
})
