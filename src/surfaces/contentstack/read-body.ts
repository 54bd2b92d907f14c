import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { DomainError } from '#domain/errors.ts'
import { faultsFrom } from '#domain/schema-faults.ts'

const checkers = new WeakMap<TSchema, ReturnType<typeof Compile>>()

/** What came in a file instead of a body, checked against the schema that the body has. Throws `invalid`. */
export function readBody<S extends TSchema>(schema: S, sent: unknown): Static<S> {
  const known = checkers.get(schema)
  const checker = known ?? Compile(schema)
  if (!known) checkers.set(schema, checker)
  const faults = faultsFrom([...checker.Errors(sent)] as never)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return sent as Static<S>
}
