/** What is wrong with a pattern of paths, as `pathspecsOf` takes them. */
export function pathPatternFault(pattern: string): string | undefined {
  const bare = pattern.replace(/^!/, '')
  if (bare.replaceAll('/', '').trim() === '') return 'names nothing'
  if (pattern.length > 1000) return 'is longer than 1000 characters'
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001F\u007F]/.test(pattern) || !pattern.isWellFormed())
    return 'has characters that no path has'
  if (bare.split('/').includes('..')) return 'must not leave the repository'
  return undefined
}
