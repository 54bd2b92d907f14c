import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Mirror } from '#ground/git/mirrors.ts'
import { runGit, streamGit } from '#ground/git/run-git.ts'

/** Text, bytes, what a link points at, a commit of another repository, or gone. */
type Content = string | Uint8Array | { link: string } | { submodule: string } | null

export interface SmallCommit {
  /** Where it goes; `main` where nothing else is said. */
  branch?: string
  message: string | Uint8Array
  files?: Record<string, Content>
  /** The branch's own head where nothing else is said; null: it has none. */
  parent?: string | null
  merges?: string
  author?: string | Uint8Array
  /** Seconds. */
  at?: number
}

const person = 'Ada Lovelace <ada@example.com>'

/** A bare repository of its own, gone after the test. What is made in it is the same each time. */
export function smallRepository(t: Pick<TestContext, 'after'>) {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-repository-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const run = (args: string[], input?: string | Uint8Array) => {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: folder,
      ...(input === undefined ? {} : { input }),
      env: { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
      maxBuffer: 64 * 1024 * 1024,
    })
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`)
    return stdout
  }
  run(['init', '--quiet', '--bare', '--initial-branch=main', '.'])
  let clock = 1_700_000_000

  /** Answers its full id. */
  const commit = ({
    branch = 'main',
    message,
    files = {},
    parent,
    merges,
    author = person,
    at,
  }: SmallCommit): string => {
    clock += 60
    const text = Buffer.from(message)
    const name = Buffer.from(author)
    const when = ` ${at ?? clock} +0000\n`
    const from = parent === undefined ? head(branch) : parent
    const parts: (string | Uint8Array)[] = [`commit refs/heads/${branch}\n`]
    parts.push('author ', name, when, `committer ${person}${when}`, `data ${text.length}\n`, text, '\n')
    if (from) parts.push(`from ${from}\n`)
    if (merges) parts.push(`merge ${merges}\n`)
    for (const [path, content] of Object.entries(files)) parts.push(...change(path, content))
    // A branch that begins anew, or moves back, is one that is put there.
    run(['fast-import', '--quiet', '--force'], Buffer.concat(parts.map((part) => Buffer.from(part))))
    return head(branch)!
  }
  const head = (branch: string): string | undefined =>
    run(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`])
      .toString()
      .trim() || undefined
  const mirror: Mirror = {
    folder,
    git: (args, options) => runGit(args, { folder, ...options }),
    stream: (args, options) => streamGit(args, { folder, ...options }),
  }
  return {
    folder,
    mirror,
    commit,
    head,
    git: (...args: string[]) => run(args).toString(),
    bytes: (...args: string[]) => run(args),
    /** A file's bytes at a commit or branch. */
    file: (at: string, path: string) => run(['cat-file', 'blob', `${at}:${path}`]),
    branches: () =>
      run(['for-each-ref', '--format=%(refname:short)', 'refs/heads/']).toString().trim().split('\n'),
  }
}

function change(name: string, content: Content): (string | Uint8Array)[] {
  const path = /[\n"]/.test(name) ? JSON.stringify(name) : name
  if (content === null) return [`D ${path}\n`]
  if (typeof content !== 'string' && 'submodule' in content)
    return [`M 160000 ${content.submodule} ${path}\n`]
  const link = typeof content !== 'string' && 'link' in content
  const bytes = Buffer.from(link ? content.link : content)
  return [`M ${link ? '120000' : '100644'} inline ${path}\n`, `data ${bytes.length}\n`, bytes, '\n']
}

export type SmallRepository = ReturnType<typeof smallRepository>
