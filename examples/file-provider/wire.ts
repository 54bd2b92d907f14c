import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { decode, encode, ExtData } from '@msgpack/msgpack'

const description = loadSync(fileURLToPath(new URL('provider.proto', import.meta.url)), {
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
})

/** What Terraform calls. */
export const providerService = description['tfplugin5.Provider'] as unknown as ServiceDefinition

export interface DynamicValue {
  msgpack: Uint8Array
  json: Uint8Array
}

export interface Diagnostic {
  severity: 'ERROR' | 'WARNING'
  summary: string
  detail: string
  attribute?: { steps: { attribute_name: string }[] }
}

/** A value that Terraform will only know once something else is applied. */
export const unknown = new ExtData(0, new Uint8Array(1))

export function isKnown<T>(value: T): value is Exclude<T, ExtData> {
  return !(value instanceof ExtData)
}

export function valueOf(wired: DynamicValue | null): unknown {
  if (wired?.msgpack?.length) return decode(wired.msgpack)
  if (wired?.json?.length) return JSON.parse(Buffer.from(wired.json).toString())
  return null
}

export function wiredOf(value: unknown): Pick<DynamicValue, 'msgpack'> {
  return { msgpack: Buffer.from(encode(value)) }
}

/** One error about one attribute. */
export function complaint(attribute: string, summary: string, detail: string): Diagnostic {
  return { severity: 'ERROR', summary, detail, attribute: { steps: [{ attribute_name: attribute }] } }
}
