import { DomainError } from '#domain/errors.ts'
import { SealError, type Vault } from '#ground/encryption.ts'
import type { InfraVariableRow } from '#store/infra-variable.ts'

type Place = Pick<InfraVariableRow, 'environment_id' | 'name'>

const contextOf = ({ environment_id, name }: Place) => `variable ${name} of environment ${environment_id}`

export function sealValue(vault: Vault, place: Place, value: string): string {
  return vault.seal(value, contextOf(place))
}

/** Undefined where the key is gone that it was sealed with. */
export function openValueOr(
  vault: Vault,
  { value, ...place }: Place & { value: string },
): string | undefined {
  try {
    return vault.open(value, contextOf(place))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return undefined
  }
}

/** Throws `not_possible_now` where the key is gone: it has to be set again. */
export function openValue(vault: Vault, row: Place & { value: string }): string {
  const open = openValueOr(vault, row)
  if (open !== undefined) return open
  const state = 'sealed with another HEADGATE_SECRET_KEY'
  throw new DomainError('not_possible_now', { what: 'variable', id: row.name, state, action: 'be opened' })
}
