import { createContext, Script } from 'node:vm'

const timeoutMs = 50
const entryMs = 1000

/** How long the patterns of one entry may still take, all together: many that are each slow would hold up everybody. */
export interface Patience {
  left_ms: number
}

export const newPatience = (): Patience => ({ left_ms: entryMs })
const context = createContext({ pattern: '', text: '' }, { codeGeneration: { strings: false, wasm: false } })
const script = new Script('new RegExp(pattern).test(text)')

/**
 * Whether a customer's text matches a customer's pattern; undefined when that takes too long to tell. Patterns may go
 * back and try again for years: what runs under a time limit in a context of its own is stopped, which a pattern that
 * is tested here would not be.
 */
export function matchesFormat(pattern: string, text: string, patience: Patience): boolean | undefined {
  if (patience.left_ms <= 0) return undefined
  const began = performance.now()
  Object.assign(context, { pattern, text })
  try {
    return script.runInContext(context, { timeout: timeoutMs }) === true
  } catch (error) {
    // Another realm's errors are no instances of ours; a pattern that is none was let in by an older version.
    return (error as { code?: unknown } | null)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT' || undefined
  } finally {
    patience.left_ms -= performance.now() - began
    Object.assign(context, { pattern: '', text: '' })
  }
}
