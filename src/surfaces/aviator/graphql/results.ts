import { clearAllDataLoaders } from '@pothos/plugin-dataloader'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import type { Shut } from '#domain/gates.ts'
import { sayingAt } from '../errors.ts'
import { builder } from './builder.ts'
import type { Caller } from './caller.ts'
import { BlockerRef } from './types/blocker.ts'

/** What a mutation answers where it could not do what was asked: errors that have a place in the schema. */
interface Refusal {
  type: (typeof errorNames)[number]
  message: string
}

const errorNames = [
  'NotFoundError',
  'InvalidInputError',
  'BlockedError',
  'ConflictError',
  'ForbiddenError',
] as const

const MutationError = builder.interfaceRef<Refusal>('MutationError').implement({
  description: 'Why a mutation did nothing.',
  fields: (t) => ({ message: t.exposeString('message') }),
})

function errorType<Shape extends Refusal>(name: Refusal['type'], description: string) {
  return { ref: builder.objectRef<Shape>(name), options: { description, interfaces: [MutationError] } }
}

const notFound = errorType('NotFoundError', 'Something that was named is not there, or may not be seen.')
const conflict = errorType('ConflictError', 'What is there stands against it.')
const forbidden = errorType('ForbiddenError', 'The caller may not do it.')
const blocked = errorType<Refusal & { blockers: Shut[] }>('BlockedError', 'Gates are shut.')
const invalid = errorType<Refusal & { fields: FieldFault[] }>(
  'InvalidInputError',
  'What was sent is not valid.',
)

const InvalidField = builder.objectRef<FieldFault>('InvalidField').implement({
  fields: (t) => ({
    field: t.exposeString('field', { description: 'Of the input.' }),
    detail: t.exposeString('detail'),
  }),
})

for (const { ref, options } of [notFound, conflict, forbidden]) ref.implement(options)
blocked.ref.implement({
  ...blocked.options,
  fields: (t) => ({ blockers: t.field({ type: [BlockerRef], resolve: ({ blockers }) => blockers }) }),
})
invalid.ref.implement({
  ...invalid.options,
  fields: (t) => ({ fields: t.field({ type: [InvalidField], resolve: ({ fields }) => fields }) }),
})

/** The union that a mutation answers: what it made, or why it did not. `Payload` is what its payload is made of. */
export function resultOf<Payload extends object>(
  mutation: string,
  fields: Parameters<ReturnType<typeof builder.objectRef<Payload>>['implement']>[0]['fields'],
) {
  const name = `${mutation}Payload`
  const PayloadRef = builder.objectRef<Payload & { type?: string }>(name)
  PayloadRef.implement({ fields: fields as never })
  return builder.unionType(`${mutation}Result`, {
    types: [PayloadRef, notFound.ref, invalid.ref, blocked.ref, conflict.ref, forbidden.ref],
    resolveType: (value) => (value as { type?: string }).type ?? name,
  })
}

/** The names that fields have in the input, by their names in the domain. */
type Renamed = Readonly<Record<string, string>>

/**
 * Does what a mutation asks, and answers what could not be done in the words of the schema. What nobody can do
 * anything about goes on as it is. Whatever was read before is read anew.
 */
export async function answered<Payload extends object>(
  caller: Caller,
  work: () => Promise<Payload>,
  { renamed = {}, route = '' }: { renamed?: Renamed; route?: string } = {},
): Promise<Payload | Refusal> {
  try {
    return await work()
  } catch (error) {
    const refusal = error instanceof DomainError ? refusalOf(error, renamed, route) : undefined
    if (refusal) return refusal
    throw error
  } finally {
    caller.forget()
    clearAllDataLoaders(caller)
  }
}

function refusalOf(error: DomainError, renamed: Renamed, route: string): Refusal | undefined {
  const { code, details } = error
  const type = types[code]
  if (type === undefined) return undefined
  if ('faults' in details) {
    const fields = details.faults.map((one) => ({ ...one, field: renamed[one.field] ?? one.field }))
    const message = fields.map(({ field, detail }) => `${field} ${detail}`).join('; ')
    return { type, message: message.slice(0, 2000), ...{ fields } }
  }
  const { error: text, message } = sayingAt(error, route)
  const said = message && message !== text ? `${text}: ${message}` : text
  return { type, message: said, ...('blockers' in details ? { blockers: details.blockers } : {}) }
}

const types: { [code: string]: Refusal['type'] } = {
  not_found: 'NotFoundError',
  invalid: 'InvalidInputError',
  blocked: 'BlockedError',
  forbidden: 'ForbiddenError',
  already_exists: 'ConflictError',
  version_conflict: 'ConflictError',
  release_locked: 'ConflictError',
  release_deployed: 'ConflictError',
  not_possible_now: 'ConflictError',
  nothing_to_roll_back: 'ConflictError',
  in_use: 'ConflictError',
  limit_reached: 'ConflictError',
  plan_stale: 'ConflictError',
}
