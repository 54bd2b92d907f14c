import { Type, type Static, type TSchema } from 'typebox'

/** An id as it is shown: a prefix that says what it names, and 32 hexadecimal digits. */
export function Id(prefix: string, description = `An id that begins with ${prefix}_`) {
  return Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$`, description })
}

/** ISO 8601 with milliseconds, in UTC. */
export const Time = Type.String({ format: 'date-time' })

export function Nullable<T extends TSchema>(schema: T, options: { description?: string } = {}) {
  return Type.Union([schema, Type.Null()], options)
}

export function OneOf<const W extends readonly string[]>(words: W, options: object = {}) {
  return Type.Unsafe<W[number]>({ type: 'string', enum: [...words], ...options })
}

/** A reference to a schema that has an `$id`, typed as what it refers to. */
export function ref<T extends TSchema & { $id?: string }>(schema: T) {
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` })
}

/** A page of a list: `next` is what to send as `after` for the following one, null on the last. */
export function Page<T extends TSchema & { $id?: string }>(item: T) {
  return Type.Object({ items: Type.Array(ref(item)), next: Nullable(Type.String()) })
}

/** A list that comes whole. */
export function List<T extends TSchema & { $id?: string }>(item: T) {
  return Type.Object({ items: Type.Array(ref(item)), next: Type.Null() })
}

/** An object that has these fields and no other. */
export function Exactly<P extends Record<string, TSchema>>(properties: P, options: object = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

const paging = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many at most' }),
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 300, description: 'The `next` of the page before' }),
  ),
}

/** What a list is asked with. A parameter that is not known is refused, like a field. */
export const PageQuery = Exactly(paging)
export type PageQuery = Static<typeof PageQuery>

/** The same, with what narrows the list. */
export function SearchQuery<P extends Record<string, TSchema>>(properties: P) {
  return Exactly({ ...paging, ...properties })
}

export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
export const Description = Type.String({ maxLength: 5000 })
export const Reason = Type.String({ maxLength: 2000, description: 'Why; kept with the event' })
/** What a path can name: no slash, nothing invisible. */
export const Slug = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })
export const roles = ['viewer', 'releaser', 'approver', 'admin'] as const
