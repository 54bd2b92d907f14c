import { resourceKey, type FindingCategory } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import { isObject } from './is-object.ts'
import {
  escapeReferences,
  splitReferences,
  type OutputReference,
  type Part,
  type Reference,
} from './reference.ts'

export type Path = readonly (string | number)[]

/** What references of a blueprint lead to, in one environment. */
export interface Values {
  /** Undefined: there is none of that name. Null: it has no value here. */
  variable(name: string): { secret: boolean; version: number; value: string | null } | undefined
  artifact(application: string): string | undefined
  /** How a resource stands here. `out` is what it is, where it is provided from elsewhere. */
  resource(key: string): { state: 'present' | 'disabled' | 'missing' | 'unreadable'; out?: JsonObject }
}

export interface Fault {
  category: FindingCategory
  severity: 'error' | 'warning'
  path: Path
  message: string
}

export interface Taken {
  value: Json
  faults: Fault[]
  /** Secrets that it refers to, at their versions. */
  secrets: Record<string, number>
  /** Resources whose outputs it takes, and where. */
  outputs: { reference: OutputReference; path: Path }[]
}

/** What values may add to a resource, in characters. */
const mostAdded = 4 * 1024 * 1024
const mostFaults = 50

/**
 * Puts in what is known now: variables, artifacts, and the outputs of what is provided from elsewhere. References to
 * secrets and to outputs of other resources stay, and are told.
 */
export function putIn(value: Json, values: Values): Taken {
  const work = new Work(values)
  const done = work.walk(value, [])
  const { faults, secrets, outputs } = work
  return { value: done, faults, secrets: Object.fromEntries(secrets), outputs }
}

class Work {
  readonly faults: Fault[] = []
  readonly secrets = new Map<string, number>()
  readonly outputs: Taken['outputs'] = []
  #values: Values
  #added = 0
  /** Provided resources that are being put in. */
  #within: string[] = []

  constructor(values: Values) {
    this.#values = values
  }

  walk(value: Json, path: Path): Json {
    if (typeof value === 'string') return value.includes('${') ? this.#text(value, path) : value
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((one, at) => this.walk(one, [...path, at]))
    const done: JsonObject = {}
    for (const [name, one] of Object.entries(value)) done[name] = this.walk(one, [...path, name])
    return done
  }

  #say(category: FindingCategory, path: Path, message: string, severity: Fault['severity'] = 'error'): void {
    if (this.faults.length < mostFaults) this.faults.push({ category, severity, path, message })
  }

  #text(text: string, path: Path): Json {
    const parts = splitReferences(text)
    this.#lookForNearMisses(parts, path)
    if (parts.length === 1) return this.#part(parts[0]!, path)
    const pieces = parts.map((part) => this.#part(part, path))
    const whole = pieces.map((piece, at) => this.#asText(piece, parts[at]!, path)).join('')
    this.#added += whole.length - text.length
    if (this.#added > mostAdded) {
      this.#say('input_validation', path, 'with the values that are put in it becomes too large')
      return text
    }
    if (pieces.some((piece, at) => piece !== parts[at]!.text)) this.#checkSeams(whole, pieces, path)
    return whole
  }

  /** What stands beside each other may read as a reference that neither of them is. */
  #checkSeams(whole: string, pieces: readonly Json[], path: Path): void {
    const meant = pieces.flatMap((piece) => (typeof piece === 'string' ? referencesOf(piece) : []))
    if (referencesOf(whole).join('\n') !== meant.join('\n'))
      this.#say(
        'input_validation',
        path,
        'a value that ends in $ stands where it reads as a part of a reference',
      )
  }

  #asText(piece: Json, part: Part, path: Path): string {
    if (typeof piece === 'string') return piece
    if (typeof piece === 'object' && piece !== null) {
      this.#say('invalid_reference', path, `${part.text} is no text that could stand inside another`)
      return part.text
    }
    return String(piece)
  }

  #part(part: Part, path: Path): Json {
    if (part.kind === 'literal') return part.text
    if (part.kind !== 'invalid') return this.#value(part, path) ?? part.text
    this.#say('invalid_reference', path, `${part.text.slice(0, 200)} cannot be read: ${part.reason}`)
    return part.text
  }

  /** Undefined: it stays. */
  #value(part: Reference, path: Path): Json | undefined {
    switch (part.kind) {
      case 'variable':
        return this.#variable(part.name, part.text, path)
      case 'secret':
        return this.#secret(part.name, part.text, path)
      case 'artifact': {
        const uri = this.#values.artifact(part.name)
        if (uri === undefined)
          this.#say(
            'non_existent_reference',
            path,
            `${part.text}: no artifact of ${part.name} is registered for this environment`,
          )
        return uri === undefined ? undefined : this.#put(uri)
      }
      case 'output':
        return this.#output(part, path)
    }
  }

  #variable(name: string, text: string, path: Path): Json | undefined {
    const found = this.#values.variable(name)
    if (!found) this.#say('non_existent_reference', path, `${text}: there is no variable ${name}`)
    else if (found.secret)
      this.#say('invalid_reference', path, `${text}: ${name} is a secret: \${blueprint.self.secrets.${name}}`)
    else if (found.value === null)
      this.#say(
        'input_validation',
        path,
        `${text}: the variable ${name} has no value in this environment, and no default`,
      )
    else return this.#put(found.value)
    return undefined
  }

  #secret(name: string, text: string, path: Path): undefined {
    const found = this.#values.variable(name)
    if (!found) this.#say('non_existent_reference', path, `${text}: there is no secret ${name}`)
    else if (!found.secret)
      this.#say(
        'invalid_reference',
        path,
        `${text}: ${name} is no secret: \${blueprint.self.variables.${name}}`,
      )
    else if (found.version === 0)
      this.#say('input_validation', path, `${text}: the secret ${name} has no value in this environment`)
    else this.secrets.set(name, found.version)
  }

  #put(text: string): string {
    this.#added += text.length
    return escapeReferences(text)
  }

  #output(part: OutputReference, path: Path): Json | undefined {
    const key = resourceKey(part.type, part.name)
    const { state, out } = this.#values.resource(key)
    if (state === 'missing')
      this.#say('non_existent_reference', path, `${part.text}: there is no resource ${key}`)
    else if (state === 'unreadable')
      this.#say('non_existent_reference', path, `${part.text}: the resource ${key} cannot be read`)
    else if (state === 'disabled')
      this.#say('disabled_reference', path, `${part.text}: the resource ${key} is disabled`)
    else if (out) return this.#provided(part, key, out, path)
    else this.outputs.push({ reference: part, path })
    return undefined
  }

  #provided(part: OutputReference, key: string, out: JsonObject, path: Path): Json | undefined {
    if (this.#within.includes(key)) {
      this.#say('cycle', path, `${part.text} goes round: ${[...this.#within, key].join(' -> ')}`)
      return undefined
    }
    let found: Json | undefined = out[part.of]
    for (const step of part.path) found = below(found, step)
    if (found === undefined) {
      this.#say(
        'invalid_reference',
        path,
        `${part.text}: the \`out\` of ${key}, which is provided, does not have that`,
      )
      return undefined
    }
    this.#within.push(key)
    const value = this.walk(found, path)
    this.#within.pop()
    return value
  }

  /** What is perhaps meant as a reference, though it does not look like one. */
  #lookForNearMisses(parts: readonly Part[], path: Path): void {
    for (const part of parts) {
      if (part.kind !== 'literal' || !part.text.includes('${')) continue
      for (const [text, type = '', name = ''] of part.text.matchAll(
        /(?<!\$)\$\{\s*([\w-]+)\.([\w-]+)[^{}]{0,100}\}?/g,
      ))
        if (this.#values.resource(resourceKey(type, name)).state !== 'missing')
          this.#say(
            'invalid_reference',
            path,
            `${text} is taken as text: what ${type}/${name} gives is \${${type}.${name}.out.attributes.…} or .out.interfaces.…`,
            'warning',
          )
    }
  }
}

const referencesOf = (text: string) =>
  splitReferences(text).flatMap((part) => (part.kind === 'literal' ? [] : part.text))

function below(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)]
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}
