import type { Mirror } from '#ground/git/mirrors.ts'

/** The first of these commits (full ids) that the mirror does not have. */
export async function findMissing(mirror: Mirror, shas: readonly string[]): Promise<string | undefined> {
  const input = shas.map((sha) => `${sha}^{commit}\n`).join('')
  const { stdout } = await mirror.git(['cat-file', '--batch-check=%(objecttype)'], { input })
  const lines = stdout.split('\n')
  return shas.find((_, index) => lines[index] !== 'commit')
}
