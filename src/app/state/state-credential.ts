import { SealError } from '#ground/encryption.ts'
import type { House } from '../context.ts'
import type { StateAttempt, StateSubject } from './state-caller.ts'

/** As which our own Terraform comes. */
const username = 'headgate'
/** What its password begins with: a token's secret never does. */
const prefix = 'hgstate.'
const context = 'state credential'
/** The longest that anything of ours works outside. */
const lifetimeMs = 24 * 3_600_000

export interface StateCredential {
  username: string
  password: string
}

/** As it lies in the password: sealed, so that nothing has to be kept of it. */
interface Claims extends StateSubject {
  attempt: number
  environment_id: string
  /** Milliseconds since 1970. */
  until: number
}

/**
 * What Terraform is given to come with, for one attempt at one environment. It opens nothing else, and nothing any
 * more when the attempt is over.
 */
export function stateCredential(
  house: Pick<House, 'vault' | 'now'>,
  subject: StateSubject,
  attempt: number,
  environment_id: string,
): StateCredential {
  const claims: Claims = {
    kind: subject.kind,
    id: subject.id,
    attempt,
    environment_id,
    until: house.now().getTime() + lifetimeMs,
  }
  return { username, password: prefix + house.vault.seal(JSON.stringify(claims), context) }
}

/** Whether it means to be one of ours, right or wrong. */
export function isStateCredential({ password }: { password: string }): boolean {
  return password.startsWith(prefix)
}

/** Whose it is; undefined where it is none, or too old. Whether its attempt is over is asked at each use. */
export function openStateCredential(
  house: Pick<House, 'vault' | 'now'>,
  { user, password }: { user: string; password: string },
): (StateAttempt & { environment_id: string }) | undefined {
  if (user !== username || !isStateCredential({ password })) return undefined
  try {
    const opened = house.vault.open(password.slice(prefix.length), context)
    const { kind, id, environment_id, attempt, until } = JSON.parse(opened) as Claims
    if (until <= house.now().getTime()) return undefined
    return { subject: { kind, id }, attempt, environment_id }
  } catch (error) {
    if (error instanceof SealError) return undefined
    throw error
  }
}
