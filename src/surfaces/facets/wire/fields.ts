import { Type, type TSchema } from 'typebox'

// Everything in the vendor's models is optional (section 2.3): what is not known is left out.

export const Text = Type.Optional(Type.String())
export const Flag = Type.Optional(Type.Boolean())
export const Whole = Type.Optional(Type.Integer())
export const Time = Type.Optional(
  Type.String({ format: 'date-time', examples: ['2026-11-21T12:00:00.000Z'] }),
)
export const Id = Type.Optional(Type.String({ examples: ['0192f3c4d5e67a8b9c0d1e2f'] }))

export const OneOf = <W extends string>(words: readonly W[]) =>
  Type.Unsafe<W>({ type: 'string', enum: words })
export const listOf = <T extends TSchema>(item: T) => Type.Optional(Type.Array(item))
export const AnyObject = Type.Unsafe<Readonly<Record<string, unknown>>>({
  type: 'object',
  additionalProperties: true,
})
