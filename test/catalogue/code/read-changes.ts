import type { TestContext } from 'node:test'
import { readChanges, type Change } from '#catalogue/code/changelog/read-changes.ts'
import type { Histories } from '#catalogue/code/changelog/find-same.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { runGit, streamGit } from '#ground/git/run-git.ts'
import type { Db } from '#store/database.ts'
import { smallHouse } from '../../small-house.ts'

/** A repository as it is, read as a mirror is. */
function asMirror(folder: string): Mirror {
  return {
    folder,
    git: (args, options) => runGit(args, { folder, ...options }),
    stream: (args, options) => streamGit(args, { folder, ...options }),
  }
}

export type ReadAll = (
  folder: string,
  from: string | null,
  to: string,
  more?: Partial<Histories>,
) => Promise<Change[]>

/** Reads all that comes and goes, on a store of the test's own; each repository is one of the store's. */
export async function changeReader(t: TestContext): Promise<{ db: Db; readAll: ReadAll }> {
  const { ctx } = await smallHouse(t)
  const ids = new Map<string, string>()
  return {
    db: ctx.db,
    async readAll(folder, from, to, more = {}) {
      if (!ids.has(folder)) ids.set(folder, await addRepository(ctx.db, ctx.newId(), folder))
      const repository_id = ids.get(folder)!
      const histories = { db: ctx.db, repository_id, mirror: asMirror(folder), paths: [], ...more }
      return Array.fromAsync(readChanges({ from, to }, histories))
    },
  }
}

async function addRepository(db: Db, id: string, url: string): Promise<string> {
  const at = new Date('2026-11-21T09:00:00Z')
  await db.insertInto('repository').values({ id, name: url, url, created_at: at, updated_at: at }).execute()
  return id
}
