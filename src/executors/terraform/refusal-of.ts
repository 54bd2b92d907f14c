import type { Refusal } from './prepare.ts'
import { RootError } from './root-resources.ts'
import { ProgramError } from './terraform.ts'

/**
 * What is said of what went wrong on the way: a configuration that cannot be made, a Terraform that is not there or was
 * killed, a machine whose disk is full.
 *
 * @throws the error itself where it is our own fault, or the store's
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RootError) return { code: 'root_invalid', detail: error.message }
  if (error instanceof ProgramError) return { code: error.code, detail: error.message }
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (code && syscall && fullDisk.has(code))
    return { code: 'disk_full', detail: `There is no room for what Terraform needs: ${message}.` }
  throw error
}

const fullDisk = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])
