import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'

export interface ManyCommits {
  folder: string
  /** The first commit, the newest of main, and the newest of a release branch that grew from the first. */
  root: string
  main: string
  release: string
}

const people = ['Ada Lovelace', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov']
const kinds = ['feat', 'fix(api)', 'docs', 'refactor(core)', 'chore', 'perf', 'test', 'Change']
const words = 'The quick brown fox jumps over the lazy dog, and explains at some length why it had to.\n'

/**
 * A bare repository of so many commits on `main`, each to one of 1,000 files, and a branch `release` from the first of
 * them with every hundredth commit of the last 2,000 picked, half of them saying so.
 */
export async function manyCommits(folder: string, count: number): Promise<ManyCommits> {
  await mkdir(folder, { recursive: true })
  await git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', '.'])
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(child, 'close')
  for (const part of commitsOf(count)) if (!child.stdin.write(part)) await once(child.stdin, 'drain')
  child.stdin.end()
  await ended
  const main = await git(folder, ['rev-parse', 'main'])
  const root = await git(folder, ['rev-list', '--max-parents=0', 'main'])
  await pickSome(folder, root, Math.min(count - 1, 2000))
  return { folder, root, main, release: await git(folder, ['rev-parse', 'release']) }
}

function* commitsOf(count: number): Generator<string> {
  for (let n = 0; n < count; n += 1)
    yield commitText(
      'main',
      n,
      `${kinds[n % kinds.length]}: change number ${n} (#${n + 1})\n\n${words.repeat(1 + (n % 6))}`,
    )
}

function commitText(branch: string, n: number, message: string, from = ''): string {
  const who = `${people[n % people.length]} <person${n % people.length}@example.com> ${1_500_000_000 + n * 60} +0000`
  const content = `${words}change ${n}\n`
  return [
    `commit refs/heads/${branch}`,
    `author ${who}`,
    `committer ${who}`,
    `data ${Buffer.byteLength(message)}`,
    `${message}${from}`,
    `M 100644 inline src/part-${n % 40}/file-${n % 1000}.txt`,
    `data ${Buffer.byteLength(content)}`,
    `${content}\n`,
  ].join('\n')
}

async function pickSome(folder: string, root: string, last: number): Promise<void> {
  const picked = (await git(folder, ['rev-list', `--max-count=${last}`, 'main'])).split('\n')
  await git(folder, ['branch', 'release', root])
  const chosen = picked.filter((_, at) => at % 100 === 50).toReversed()
  for (const [at, sha] of chosen.entries()) {
    const parent = await git(folder, ['rev-parse', 'release'])
    const message = await git(folder, ['log', '-1', '--format=%B', sha])
    const trailer = at % 2 ? `\n\n(cherry picked from commit ${sha})` : ''
    // What it changed, on the files that the branch has.
    const index = { GIT_INDEX_FILE: `${folder}/bench-index` }
    await git(folder, ['read-tree', parent], index)
    const changed = (await git(folder, ['diff-tree', '-r', '--no-commit-id', sha])).split('\n')
    for (const line of changed) {
      const [, mode = '', , blob = '', , path = ''] = line.split(/\s+/)
      await git(folder, ['update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`], index)
    }
    const tree = await git(folder, ['write-tree'], index)
    const made = await git(folder, ['commit-tree', tree, '-p', parent, '-m', `${message}${trailer}`], person)
    await git(folder, ['update-ref', 'refs/heads/release', made])
  }
}

const person = {
  ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' },
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' },
}

/** What it printed, without the end. */
export async function git(
  folder: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...environment }
  const child = spawn('git', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`git ${args[0]}: ${code}`)
  return Buffer.concat(chunks).toString('utf8').trim()
}
