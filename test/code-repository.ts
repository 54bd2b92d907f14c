import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

export interface Author {
  name: string
  email: string
}

export interface CodeRepository {
  /** What git takes to fetch it: its folder. */
  url: string
  folder: string
  /** Writes (null: removes) these files and commits them on the branch that is checked out. The commit's full id. */
  commit(message: string, files?: Record<string, string | null>, author?: Author): string
  /** Checks a branch out, made where it is new, at `from` or where we are. */
  branch(name: string, from?: string): void
  /** Merges a branch into the one that is checked out, always with a commit. */
  merge(name: string, message?: string): string
  tag(name: string, at?: string): void
  /** Any other command: what it printed, without the end. */
  git(...args: string[]): string
  head(branch?: string): string
  remove(): void
}

/** A real repository with one branch, `main`, and no commit yet; gone when the test ends. Its dates are a minute apart. */
export function codeRepository(t?: Pick<TestContext, 'after'>): CodeRepository {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-code-'))
  let minutes = 0
  const run = (args: readonly string[], environment: Record<string, string> = {}) =>
    execFileSync('git', [...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...plainEnvironment, ...environment },
    }).trim()
  /** Who and when, the next minute. */
  const stamp = ({ name, email }: Author) => {
    minutes += 1
    const date = `${Date.UTC(2026, 0, 5, 9, minutes) / 1000} +0000`
    return {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: date,
    }
  }
  const head = (branch = 'HEAD') => run(['rev-parse', branch])
  const remove = () => rmSync(folder, { recursive: true, force: true })
  run(['init', '--quiet', '--initial-branch=main', '.'])
  t?.after(remove)
  return {
    url: folder,
    folder,
    commit(message, files = {}, author = ada) {
      for (const [name, text] of Object.entries(files)) {
        const file = join(folder, name)
        if (text === null) rmSync(file, { force: true })
        else {
          mkdirSync(dirname(file), { recursive: true })
          writeFileSync(file, text)
        }
      }
      run(['add', '--all', '.'])
      run(['commit', '--quiet', '--allow-empty', '-m', message], stamp(author))
      return head()
    },
    branch(name, from) {
      const known = run(['branch', '--list', name]) !== ''
      run(
        known ? ['checkout', '--quiet', name] : ['checkout', '--quiet', '-b', name, ...(from ? [from] : [])],
      )
    },
    merge(name, message = `Merge ${name}`) {
      run(['merge', '--quiet', '--no-ff', '-m', message, name], stamp(ada))
      return head()
    },
    tag: (name, at = 'HEAD') => void run(['tag', name, at]),
    git: (...args) => run(args, stamp(ada)),
    head,
    remove,
  }
}

const ada: Author = { name: 'Ada', email: 'ada@example.com' }

const plainEnvironment = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/dev/null',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
}
