import { existsSync, realpathSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'

/**
 * Where a file of that path lies under the folder, as an absolute path. Undefined where it would lie outside, also by
 * way of a symbolic link.
 */
export function placeInside(folder: string, path: string): string | undefined {
  if (path === '' || path.includes('\0')) return undefined
  const root = realpathSync(folder)
  const place = resolve(root, path)
  if (!place.startsWith(root + sep)) return undefined
  let known = place
  while (!existsSync(known)) known = dirname(known)
  const real = realpathSync(known)
  return real === root || real.startsWith(root + sep) ? place : undefined
}
