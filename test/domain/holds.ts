import fc from 'fast-check'

/** The same cases on every run; another seed is tried by `FAST_CHECK_SEED=… node --test test/domain`. */
const seed = Number(process.env.FAST_CHECK_SEED ?? 20_261_121)

/** Fails with the smallest counterexample, and with the seed and path that lead to it. */
export function holds<T>(property: fc.IProperty<T>, runs = 500): void {
  fc.assert(property, { seed, numRuns: runs })
}
