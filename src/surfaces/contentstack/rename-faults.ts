import { DomainError, isDomainError } from '#domain/errors.ts'

/** Runs work whose wrong fields are called otherwise in the request that asked for it. */
export async function renamingFaults<T>(
  rename: (field: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isDomainError(error, 'invalid')) throw error
    const faults = error.details.faults.map((fault) => ({ ...fault, field: rename(fault.field) }))
    throw new DomainError('invalid', { faults })
  }
}

/** For a request about one item alone: the field, without the list that it was made part of. */
export function alone(field: string): string {
  return field.replace(/^items\.\d+\./, '')
}

/** For publishing one item in several languages. */
export function published(field: string): string {
  return alone(field).replace(/^locale$/, 'locales')
}
