import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface DemoRepository {
  /** Where it is fetched from: a bare repository on this machine. */
  url: string
  /** Commits to the main branch and pushes it. Answers the commit's full id. */
  commit(message: string, files: Readonly<Record<string, string>>): Promise<string>
}

/** Whether there is a git to work with. */
export async function hasGit(): Promise<boolean> {
  return run('git', ['--version']).then(
    () => true,
    () => false,
  )
}

/** A real repository under `folder`: a bare one that stands in for the team's host, and a clone to work in. */
export async function makeRepository(folder: string): Promise<DemoRepository> {
  const url = join(folder, 'shop.git')
  const clone = join(folder, 'clone')
  const git = async (...args: string[]) => {
    const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' }
    return (await run('git', args, { cwd: folder, env })).stdout.trim()
  }
  await git('init', '--quiet', '--bare', '--initial-branch=main', url)
  await git('clone', '--quiet', url, clone)
  await git('-C', clone, 'checkout', '--quiet', '-B', 'main')
  await git('-C', clone, 'config', 'user.name', 'Ada')
  await git('-C', clone, 'config', 'user.email', 'ada@example.com')
  return {
    url,
    async commit(message, files) {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(clone, name)), { recursive: true })
        await writeFile(join(clone, name), text)
      }
      await git('-C', clone, 'add', '--all')
      await git('-C', clone, 'commit', '--quiet', '-m', message)
      await git('-C', clone, 'push', '--quiet', 'origin', 'main')
      return git('-C', clone, 'rev-parse', 'HEAD')
    },
  }
}
