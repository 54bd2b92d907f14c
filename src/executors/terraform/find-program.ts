import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** Which program is Terraform here, or where it was looked for in vain. */
export type FoundProgram = { program: string } | { missing: string }

const usual = ['terraform', 'tofu']

/**
 * The program that headgate.yaml names, by its path or by its name; else `terraform`, else `tofu`, from `PATH`.
 * It says why there is none as a sentence.
 */
export async function findProgram(named: string | undefined, path: string): Promise<FoundProgram> {
  if (named !== undefined && (isAbsolute(named) || named.includes('/'))) {
    const fault = await faultOf(named)
    return fault === undefined ? { program: named } : { missing: `${named} ${fault}.` }
  }
  const names = named === undefined ? usual : [named]
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  for (const name of names)
    for (const folder of folders) {
      const program = join(folder, name)
      if ((await faultOf(program)) === undefined) return { program }
    }
  return { missing: `There is no ${names.join(' and no ')} in any of these folders: ${folders.join(', ')}.` }
}

async function faultOf(program: string): Promise<string | undefined> {
  try {
    if (!(await stat(program)).isFile()) return 'is no file'
    await access(program, constants.X_OK)
    return undefined
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' ? 'is not executable for this user' : 'is not there'
  }
}
