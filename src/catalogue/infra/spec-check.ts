import type { Ajv, ValidateFunction } from 'ajv'
import type { Json, JsonObject } from '#domain/json.ts'

export interface SpecFault {
  path: (string | number)[]
  message: string
}

/** Says what of a resource's `spec` is not as its module's schema has it; nothing where the schema itself cannot be read. */
export interface SpecCheck {
  faultsOf(spec: Json): SpecFault[]
  /** Why the schema cannot be read. */
  broken(): string | undefined
}

const mostFaults = 20
let loaded: Promise<Ajv> | undefined

/** Loads what checks, at the first use. The schema itself is compiled when something is checked by it. */
export async function openSpecChecks(): Promise<(schema: JsonObject) => SpecCheck> {
  loaded ??= load()
  const ajv = await loaded
  return (schema) => {
    const check = known.get(schema) ?? checkBy(ajv, schema)
    known.set(schema, check)
    return check
  }
}

/** A schema that was read once is compiled once. */
const known = new WeakMap<JsonObject, SpecCheck>()

async function load(): Promise<Ajv> {
  const { Ajv: Made } = await import('ajv')
  // People's schemas hold whatever their forms need (x-ui-…), types given twice, and formats that nobody defined.
  return new Made({
    strict: false,
    allErrors: true,
    validateFormats: false,
    validateSchema: false,
    logger: false,
    addUsedSchema: false,
    unicodeRegExp: false,
  })
}

function checkBy(ajv: Ajv, schema: JsonObject): SpecCheck {
  let compiled: ValidateFunction | { broken: string } | undefined
  const compile = () => (compiled ??= tryCompile(ajv, schema))
  return {
    broken() {
      const made = compile()
      return typeof made === 'function' ? undefined : made.broken
    },
    faultsOf(spec) {
      const check = compile()
      if (typeof check !== 'function') return []
      try {
        if (check(spec)) return []
      } catch {
        return [{ path: [], message: 'cannot be checked by its schema' }]
      }
      return (check.errors ?? [])
        .slice(0, mostFaults)
        .map(({ instancePath, message = 'is wrong', params }) => ({
          path: pathOf(instancePath, spec),
          message: sentence(message, params),
        }))
    },
  }
}

function tryCompile(ajv: Ajv, schema: JsonObject): ValidateFunction | { broken: string } {
  const own = asSchema(schema)
  try {
    return ajv.compile(own)
  } catch (error) {
    return { broken: (error as Error).message.split('\n')[0]!.slice(0, 300).toWellFormed() }
  } finally {
    // It would keep each for good.
    ajv.removeSchema(own)
  }
}

/** Neither an id that another schema has too, nor a draft that this is not. */
function asSchema({ $id: _, $schema: __, ...schema }: JsonObject): JsonObject {
  return schema
}

function sentence(message: string, params: Record<string, unknown>): string {
  const { additionalProperty, allowedValues } = params
  if (typeof additionalProperty === 'string') return `${message}: ${additionalProperty.slice(0, 100)}`
  if (Array.isArray(allowedValues))
    return `${message}: ${allowedValues.slice(0, 20).join(', ').slice(0, 300)}`
  return message
}

/** A JSON pointer, whose numbers are places where they stand for one in a list. */
function pathOf(pointer: string, value: Json): (string | number)[] {
  let at: unknown = value
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(at) ? Number(name) : name
      at = (at as Record<string | number, unknown> | null)?.[step]
      return step
    })
}
