import AjvCompiler from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'
import type { TProperties, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

type Check = ReturnType<FastifySchemaCompiler<TSchema>>

/**
 * Two compilers (stack.md, pitfall 18). Bodies are checked as they are: nothing is converted, filled in or dropped.
 * All else arrives as text, so "10" becomes 10 there, a single value becomes a list of one, and defaults are filled in.
 *
 * A schema is compiled when the first request needs it: all of them at the start took half a second and 50 MB.
 */
export function buildValidator(externalSchemas: unknown): FastifySchemaCompiler<TSchema> {
  const context = externalSchemas as TProperties
  let coercing: FastifySchemaCompiler<TSchema> | undefined
  const compileText = (route: Parameters<FastifySchemaCompiler<TSchema>>[0]): Check => {
    coercing ??= AjvCompiler()(externalSchemas as Record<string, object>, {
      customOptions: { coerceTypes: 'array', removeAdditional: false, useDefaults: true, allErrors: true },
    }) as FastifySchemaCompiler<TSchema>
    const check = coercing(route)
    return (value) => check(value) || { error: check.errors ?? [] }
  }
  return (route) => {
    let check: Check | undefined
    return (value: unknown) =>
      (check ??= route.httpPart === 'body' ? compileBody(context, route.schema) : compileText(route))(value)
  }
}

function compileBody(context: TProperties, schema: TSchema): Check {
  const exact = Compile(context, schema)
  return (value) => (exact.Check(value) ? { value } : { error: exact.Errors(value) })
}
