import type { Mirror } from '#ground/git/mirrors.ts'

/** At the beginning of a line that was added: nine characters as we write them, seven as git does by itself. */
const opens = /^\+<{7}(<<)? /
const closes = /^\+>{7}(>>)? /

const mostNamed = 20

/**
 * The paths in which `after` still holds what `before` does not: both ends of a conflict, at the beginning of lines.
 * At most 20 of them.
 */
export async function leftoverMarkers(mirror: Mirror, before: string, after: string): Promise<string[]> {
  const args = [
    'diff',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
    '-U0',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ]
  const found: string[] = []
  let path = ''
  let open = false
  for await (const line of linesOf(mirror.stream([...args, before, after]))) {
    if (line.startsWith('+++ ')) {
      path = line.slice(line.startsWith('+++ b/') ? 6 : 4)
      open = false
    } else if (opens.test(line)) open = true
    else if (open && closes.test(line) && !found.includes(path)) {
      found.push(path)
      if (found.length === mostNamed) break
    }
  }
  return found
}

/** Of a line that is longer, nobody needs the rest. */
const longest = 4096

async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of source) {
    const parts = Buffer.from(chunk).toString('latin1').split('\n')
    for (const [index, part] of parts.entries()) {
      rest = `${rest}${part}`.slice(0, longest)
      if (index === parts.length - 1) break
      yield Buffer.from(rest, 'latin1').toString('utf8')
      rest = ''
    }
  }
}
