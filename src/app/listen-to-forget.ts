import type { Store } from '#store/store.ts'
import type { House } from './context.ts'
import { forgetChannel, memoryOf } from './memory.ts'

/** What other processes change is forgotten here; while that cannot be heard of, nothing is remembered. */
export async function listenToForget(house: House, { listen }: Pick<Store, 'listen'>): Promise<void> {
  const memory = memoryOf(house)
  const hear = (payload: string | null) => (payload === null ? memory.hearing() : memory.forget())
  await listen(forgetChannel, hear, () => memory.deaf())
  memory.hearing()
}
