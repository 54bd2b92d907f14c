import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { SerializerFactory } from '@fastify/fast-json-stringify-compiler'

/**
 * Serializers by schema, which leave out every field that is not declared. As with the checks, one is compiled when
 * the first answer needs it.
 */
export const buildSerializer: SerializerFactory = (externalSchemas, options) => {
  const compile = SerializerSelector()(externalSchemas, options)
  return (route) => {
    let write: ((doc: unknown) => string) | undefined
    return (doc) => (write ??= compile(route))(doc)
  }
}
