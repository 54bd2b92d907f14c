/** The last few of what was put in by a text, in the place of a cache without end. */
export class Bounded<T> {
  #kept = new Map<string, T>()
  #most: number
  #longest: number

  /** `longest`: characters of a key; what has a longer one is not kept. */
  constructor({ most, longest }: { most: number; longest: number }) {
    this.#most = most
    this.#longest = longest
  }

  get(key: string): T | undefined {
    const found = this.#kept.get(key)
    if (found === undefined) return undefined
    this.#kept.delete(key)
    this.#kept.set(key, found)
    return found
  }

  set(key: string, value: T): void {
    if (key.length > this.#longest) return
    this.#kept.delete(key)
    this.#kept.set(key, value)
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value!)
  }
}
