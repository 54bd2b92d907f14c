/** A part of a path that stays within its folder. */
export function segment(name: string): string {
  const bare = name.replaceAll(/[\\/\p{Cc}]/gu, '_')
  return bare === '.' || bare === '..' || bare === '' ? bare.replaceAll('.', '%2E') || '_' : bare
}
