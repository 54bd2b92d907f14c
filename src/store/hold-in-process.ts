import type { Hold } from './store.ts'

/** Where no other process can be: a set of what is held. */
export function holdInProcess() {
  const held = new Set<string>()
  return async (key: string): Promise<Hold | undefined> => {
    if (held.has(key)) return undefined
    held.add(key)
    return { lost: new AbortController().signal, release: async () => void held.delete(key) }
  }
}
