import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'

/** The operations that are used, of the description that GitHub publishes as @octokit/openapi. */
const used = [
  ['get', '/repos/{owner}/{repo}'],
  ['get', '/repos/{owner}/{repo}/contents/{path}'],
  ['get', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}'],
  ['get', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'],
  ['post', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'],
  ['get', '/repos/{owner}/{repo}/actions/runs/{run_id}'],
  ['get', '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs'],
  ['post', '/repos/{owner}/{repo}/actions/runs/{run_id}/cancel'],
  ['post', '/repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel'],
] as const

type Json = { [key: string]: unknown }

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  valid: ValidateFunction
}

export interface Operation {
  /** `actions/get-workflow-run`. */
  id: string
  method: string
  pattern: RegExp
  /** The names in the path, in their order. */
  names: string[]
  parameters: Parameter[]
  /** Undefined: it takes none. */
  body: ValidateFunction | undefined
  /** By status; undefined: an answer without a body. */
  answers: Map<number, ValidateFunction | undefined>
}

export interface PublishedApi {
  operations: Operation[]
  error: ValidateFunction
  /** An example of GitHub's own, by its name among the components. */
  example(name: string): Json
}

let opened: Promise<PublishedApi> | undefined

/** Read once: the description has 13 MB. */
export function publishedApi(): Promise<PublishedApi> {
  opened ??= open()
  return opened
}

async function open(): Promise<PublishedApi> {
  const packed = createRequire(import.meta.url).resolve('@octokit/openapi/package.json')
  const text = await readFile(packed.replace('package.json', 'generated/api.github.com.json'), 'utf8')
  const description = JSON.parse(text) as { paths: Json; components: Record<string, Json> }
  const at = (ref: string) =>
    ref
      .split('/')
      .slice(1)
      .reduce<unknown>((found, key) => (found as Json)[key], description) as Json
  const resolved = (value: unknown) => {
    const { $ref } = value as { $ref?: string }
    return $ref === undefined ? (value as Json) : at($ref)
  }
  const ajv = new Ajv({ strict: false, coerceTypes: false, allErrors: false })
  addFormats.default(ajv)
  const compile = (schema: unknown) => ajv.compile(standalone(schema, at))
  return {
    operations: used.map(([method, path]) => {
      const operation = (description.paths[path] as Json)[method] as Json
      return {
        id: String(operation.operationId),
        method: method.toUpperCase(),
        ...matcherOf(path),
        parameters: ((operation.parameters ?? []) as unknown[]).map(resolved).map((parameter) => ({
          name: String(parameter.name),
          in: parameter.in as 'path',
          required: parameter.required === true,
          valid: compile(parameter.schema),
        })),
        body: operation.requestBody ? compile(jsonOf(resolved(operation.requestBody))) : undefined,
        answers: new Map(
          Object.entries(operation.responses as Json).map(([status, answer]) => {
            const schema = jsonOf(resolved(answer))
            return [Number(status), schema === undefined ? undefined : compile(schema)]
          }),
        ),
      }
    }),
    error: compile({ $ref: '#/components/schemas/basic-error' }),
    example: (name) => structuredClone(at(`#/components/examples/${name}`).value as Json),
  }
}

const jsonOf = ({ content }: Json): unknown =>
  ((content as Json | undefined)?.['application/json'] as Json | undefined)?.schema

/** A last name may be several segments: `x-multi-segment`. */
function matcherOf(path: string): { pattern: RegExp; names: string[] } {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const pattern = path.replaceAll(/\{(\w+)\}/g, (_whole, name) => (name === 'path' ? '(.+)' : '([^/]+)'))
  return { pattern: new RegExp(`^${pattern}$`), names }
}

/** With what it refers to beside it, in the words of JSON Schema: OpenAPI 3.0 says `nullable` for the type null. */
function standalone(schema: unknown, at: (ref: string) => Json): Json {
  const definitions: Json = {}
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (value === null || typeof value !== 'object') return value
    const {
      nullable,
      example: _example,
      examples: _examples,
      discriminator: _discriminator,
      ...rest
    } = value as Json
    const walked = Object.fromEntries(
      Object.entries(rest).map(([key, one]) => [key, key === '$ref' ? define(String(one)) : walk(one)]),
    )
    return nullable === true ? { anyOf: [walked, { type: 'null' }] } : walked
  }
  const define = (ref: string): string => {
    const name = ref.split('/').at(-1)!
    if (!(name in definitions)) {
      definitions[name] = true
      definitions[name] = walk(at(ref))
    }
    return `#/definitions/${name}`
  }
  return { ...(walk(schema) as Json), definitions }
}
