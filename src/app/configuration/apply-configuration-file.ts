import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { isDomainError } from '#domain/errors.ts'
import { asPrincipal, type House } from '../context.ts'
import { applyConfiguration } from './apply-configuration.ts'
import type { ProjectPart } from './project-part.ts'

/**
 * Applies the file of HEADGATE_CONFIG at the start, as Headgate itself; `{ env: NAME }` is this process's own
 * environment. Returns the diff. Throws an Error whose message has a line for each fault.
 */
export async function applyConfigurationFile(
  house: House,
  owners: readonly { configuration?: ProjectPart }[],
  path: string,
): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The configuration ${path} cannot be read: ${error.code ?? error.message}`)
  })
  const parts = owners.flatMap(({ configuration }) => configuration ?? [])
  const folder = dirname(resolve(path))
  const file = { text, file: basename(path), folder, environment: process.env }
  return applyConfiguration(asPrincipal(house, null), parts, file).catch((error: unknown) => {
    if (!isDomainError(error, 'invalid')) throw error
    throw new Error(error.details.faults.map(({ detail }) => detail).join('\n'))
  })
}
