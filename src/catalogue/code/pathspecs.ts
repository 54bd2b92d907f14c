/**
 * Patterns as in a .gitignore, as pathspecs of git: what matches one of them, or lies in a folder that does. `!` takes
 * away, wherever it stands. To be given to git behind `--`. None for no patterns: everything.
 *
 * @see gitignore(5), and `pathspec` in gitglossary(7)
 */
export function pathspecsOf(paths: readonly string[]): string[] {
  return paths.flatMap((line) => {
    const text = line.replace(/(?<!\\)\s+$/, '')
    if (text === '' || text.startsWith('#') || text.includes('\u0000')) return []
    const taken = text.startsWith('!')
    const magic = taken ? ':(exclude,glob)' : ':(glob)'
    return patternsOf(taken ? text.slice(1) : text.replace(/^\\(?=[!#])/, '')).map((glob) => magic + glob)
  })
}

function patternsOf(pattern: string): string[] {
  const bare = pattern.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')
  if (bare === '') return ['**']
  if (bare === '**' || bare.endsWith('/**')) return [bare]
  // Without a slash but at its end, it is meant at any depth.
  const anchored = /^\.?\//.test(pattern) || bare.includes('/')
  const glob = anchored ? bare : `**/${bare}`
  return pattern.endsWith('/') ? [`${glob}/**`] : [glob, `${glob}/**`]
}
