import type { Attempt } from './attempt.ts'
import { driftAttempts } from './drift-attempts.ts'
import { resourceAttempts } from './resource-attempts.ts'
import { stateAttempts } from './state-attempts.ts'

/** All that can be done to infrastructure. */
export const infraAttempts: readonly Attempt[] = [...driftAttempts, ...stateAttempts, ...resourceAttempts]
