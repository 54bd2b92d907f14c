import type { Vault } from '#ground/encryption.ts'
import type { Json, JsonObject } from '#store/columns.ts'

/** How a secret lies in settings: it is opened for its executor only. */
interface Sealed {
  sealed: string
}

const contextOf = (environmentId: string) => `environment ${environmentId}`

export function sealSetting(vault: Vault, environmentId: string, text: string): JsonObject {
  return { sealed: vault.seal(text, contextOf(environmentId)) }
}

/** With every secret open. Throws SealError where the key is gone. */
export function openSettings(vault: Vault, environmentId: string, settings: JsonObject): JsonObject {
  return replaceSealed(settings, ({ sealed }) => vault.open(sealed, contextOf(environmentId))) as JsonObject
}

/** As anybody may see them. */
export function redactSettings(settings: JsonObject): JsonObject {
  const shown = replaceSealed(settings, () => '•••') as JsonObject
  return typeof shown.url === 'string' ? { ...shown, url: originOf(shown.url) } : shown
}

/** The path of a receiver's URL is its secret as often as not. */
function originOf(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return pathname === '/' && search === '' ? origin : `${origin}/•••`
}

function replaceSealed(value: Json, by: (sealed: Sealed) => string): Json {
  if (Array.isArray(value)) return value.map((one) => replaceSealed(one, by))
  if (value === null || typeof value !== 'object') return value
  if (isSealed(value)) return by(value)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaceSealed(one, by)]))
}

function isSealed(value: { [key: string]: Json }): value is { sealed: string } {
  return typeof value.sealed === 'string' && Object.keys(value).length === 1
}
