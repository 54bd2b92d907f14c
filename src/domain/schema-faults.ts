import type { FieldFault } from './errors.ts'

/** What TypeBox and Ajv both say of a value that does not fit its schema. */
export interface SchemaError {
  keyword: string
  instancePath: string
  params: Record<string, unknown>
  message?: string
}

const most = 20

/** One fault for each wrong field; `prefix` is where the checked value itself stands. */
export function faultsFrom(errors: readonly SchemaError[], prefix: readonly string[] = []): FieldFault[] {
  const faults = new Map<string, FieldFault>()
  for (const error of errors.slice(0, most)) {
    for (const { path, ...fault } of read(error)) {
      const field = [...prefix, ...pathOf(error.instancePath), ...path].join('.')
      const known = faults.get(field)
      // A list of words says all that a wrong type says.
      if (!known || error.keyword === 'enum') faults.set(field, { field, ...fault })
      else if (error.keyword !== 'anyOf' && known.detail !== fault.detail)
        faults.set(field, { ...known, detail: `${known.detail}, or ${fault.detail}` })
    }
  }
  return [...faults.values()]
}

type Reading = Omit<FieldFault, 'field'> & { path: string[] }

function read({ keyword, params, message = 'is not valid' }: SchemaError): Reading[] {
  switch (keyword) {
    case 'required':
      return names(params.requiredProperties ?? params.missingProperty).map((name) => ({
        path: [name],
        fault: 'required',
        detail: 'is required',
      }))
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return names(
        params.additionalProperties ?? params.unevaluatedProperties ?? params.additionalProperty,
      ).map((name) => ({ path: [name], fault: 'unknown', detail: 'is not a known field' }))
    // The schema of a field that may not be there.
    case 'boolean':
      return [{ path: [], fault: 'unknown', detail: 'is not a known field' }]
    case 'maxLength':
      return [{ path: [], fault: 'too_long', detail: message }]
    case 'maxItems':
    case 'maxProperties':
      return [{ path: [], fault: 'too_many', detail: message }]
    case 'enum':
      return [
        { path: [], fault: 'invalid', detail: `must be one of ${names(params.allowedValues).join(', ')}` },
      ]
    case 'const':
      return [{ path: [], fault: 'invalid', detail: `must be ${JSON.stringify(params.allowedValue)}` }]
    default:
      return [{ path: [], fault: 'invalid', detail: message }]
  }
}

function names(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String)
}

function pathOf(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
