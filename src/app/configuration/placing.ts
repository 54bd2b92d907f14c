import { DomainError, isDomainError, type FieldFault } from '#domain/errors.ts'
import type { ConfigurationText } from './configuration-text.ts'

/** Says where in the file an error of the house comes from. */
export async function placing<T>(text: ConfigurationText, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    throw new DomainError('invalid', { faults: placed(text, path, error) })
  }
}

/** Leads the fields of a fault by where they stand within what is placed. */
export async function within<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isDomainError(error, 'invalid')) throw error
    const faults = error.details.faults.map((fault) => ({ ...fault, field: `${path}.${fault.field}` }))
    throw new DomainError('invalid', { faults })
  }
}

function placed(text: ConfigurationText, path: string, error: DomainError): FieldFault[] {
  if (!isDomainError(error, 'invalid')) return [text.faultAt(path, 'invalid', explain(error))]
  return error.details.faults.map(({ field, fault, detail }) =>
    text.faultAt(`${path}.${field}`, fault, detail),
  )
}

function explain({ code, details }: DomainError): string {
  if ('what' in details) return `${details.what} ${details.id}: ${code.replaceAll('_', ' ')}`
  return 'detail' in details ? details.detail : code.replaceAll('_', ' ')
}
