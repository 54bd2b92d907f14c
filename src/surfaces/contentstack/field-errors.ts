import type { FieldFault } from '#domain/errors.ts'

export type FieldErrors = { [field: string]: string[] }

/** Whose words a faulty field is named in: our use-cases', those of a type's fields, or the customer's own. */
export type Words = 'ours' | 'of a schema' | "the customer's"

/** The wrappers of bodies, and the places of a request: not part of a field's name. */
const wrappers =
  /^(?:branch|branch_alias|release|entry|asset|content_type|environment|locale|token|stack|stack_settings|user|webhook|query|params)\.(?=.)/

/** Our words for fields that the vendor calls otherwise. */
const vendorWords: { [word: string]: string } = {
  fallback: 'fallback_locale',
  environment_ids: 'environments',
  due_at: 'scheduled_at',
  scheduledAt: 'scheduled_at',
  expires_at: 'expires_on',
  scopes: 'scope',
}

const schemaWords: { [word: string]: string } = {
  fields: 'schema',
  type: 'data_type',
  pattern: 'format',
  choices: 'enum',
  min_items: 'min_instance',
  max_items: 'max_instance',
}

const phrases: { [F in FieldFault['fault']]?: string } = {
  required: 'is a required field.',
  not_unique: 'is not unique.',
}

/** Faults as the vendor lists them: sentences by field, without the wrapper, in its words. */
export function fieldErrors(faults: readonly FieldFault[], words: Words): FieldErrors {
  const errors = new Map<string, string[]>()
  for (const { field, fault, detail } of faults) {
    const name = vendorField(field, words)
    // A release that has none of what it should deploy: nobody forgot a field.
    const phrase = words === 'ours' && name === 'items' && /^[A-Z]/.test(detail) ? undefined : phrases[fault]
    errors.set(name, [...(errors.get(name) ?? []), phrase ?? sentence(detail)])
  }
  return Object.fromEntries(errors)
}

function vendorField(field: string, words: Words): string {
  // What a condition was made of is named, not how it is built here.
  if (/^where\b/.test(field)) return 'query'
  const bare = field.replace(wrappers, '') || 'body'
  if (words === "the customer's") return bare
  const path = bare.split('.')
  const translated = path.map((word, depth) => {
    if (words === 'ours') return vendorWords[word] ?? word
    // In a type's fields our name is what is shown; at the top it is the type's own.
    return word === 'name' && depth > 0 ? 'display_name' : (schemaWords[word] ?? word)
  })
  return translated.join('.')
}

function sentence(detail: string): string {
  if (detail === '') return 'is not valid.'
  return /[.!?]$/.test(detail) ? detail : `${detail}.`
}
