import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'
import type { TProperties, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Two compilers (stack.md, pitfall 18). Bodies are checked as they are: nothing is converted, filled in or dropped.
 * All else arrives as text, so "10" becomes 10 there, a single value becomes a list of one, and defaults are filled in.
 */
export function buildValidator(externalSchemas: unknown): FastifySchemaCompiler<TSchema> {
  const context = externalSchemas as TProperties
  const coercing = AjvCompiler()(externalSchemas as Record<string, object>, {
    customOptions: { coerceTypes: 'array', removeAdditional: false, useDefaults: true, allErrors: true },
  }) as FastifySchemaCompiler<TSchema>
  return (route) => {
    if (route.httpPart !== 'body') return coercing(route)
    const exact = Compile(context, route.schema)
    return (value: unknown) => (exact.Check(value) ? { value } : { error: exact.Errors(value) })
  }
}
