import type { Mirror } from '#ground/git/mirrors.ts'

export interface Patch {
  sha: string
  /** Empty: it changes nothing. */
  patch_id: string
}

/**
 * What commits change, as `git patch-id --stable` says it: two with one id are one change, whatever they stand on. Of
 * a merge what it brought to its first parent. All of them, in batches.
 */
export async function* readPatchIds(
  mirror: Mirror,
  shas: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Patch[]> {
  const ending = signal ? { signal } : {}
  for (let from = 0; from < shas.length; from += batch) {
    const part = shas.slice(from, from + batch)
    const input = `${part.join('\n')}\n`
    const patches = mirror.stream([...diff, '--stdin'], { input, ...ending })
    const known = await readPairs(mirror.stream(['patch-id', '--stable'], { input: patches, ...ending }))
    yield part.map((sha) => ({ sha, patch_id: known.get(sha) ?? '' }))
  }
}

const batch = 2000

/** Whole names of what is binary, since its id is made of them; nothing that a file of attributes could change. */
const diff = [
  ...['diff-tree', '--root', '-r', '-p', '--diff-merges=first-parent', '--full-index', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--diff-algorithm=myers', '--unified=3'],
] as const

/** Lines of an id and the commit that it is of. */
async function readPairs(lines: AsyncIterable<Uint8Array>): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let rest = ''
  for await (const chunk of lines) {
    const whole = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      const [patch_id, sha] = line.split(' ')
      if (patch_id && sha) found.set(sha, patch_id)
    }
  }
  return found
}
