import { DomainError } from '#domain/errors.ts'
import type { Blobs } from '#ground/blobs.ts'
import type { Mirror } from '#ground/git/mirrors.ts'
import { findRepository, type RepositoryRow } from '#store/repository.ts'
import type { House } from '../context.ts'
import { refreshMirror } from '../repositories/fetch-repository.ts'
import { remoteOf, unreachable } from '../repositories/remote-of.ts'
import { restoreBundles } from './restore-bundles.ts'

/** What the executor of picks may touch, of repositories by their ids. */
export interface PickBench {
  /** Throws `repository_unreachable`. */
  open(repositoryId: string): Promise<Mirror>
  refresh(repositoryId: string): Promise<Mirror>
  restore(repositoryId: string, mirror: Mirror): Promise<void>
  /** Throws RemoteError. */
  push(repositoryId: string, refspecs: readonly string[], signal: AbortSignal): Promise<void>
  blobs: Blobs
}

export function pickBench(house: House): PickBench {
  const find = async (id: string): Promise<RepositoryRow> => {
    const row = await findRepository(house.db, id)
    if (!row) throw new DomainError('not_found', { what: 'repository', id })
    return row
  }
  return {
    async open(id) {
      const repository = await find(id)
      return house.mirrors.open(remoteOf(house, repository)).catch((error: unknown) => {
        throw unreachable(repository, error)
      })
    },
    refresh: async (id) => refreshMirror(house, await find(id)),
    async restore(id, mirror) {
      await restoreBundles(house, id, mirror)
    },
    async push(id, refspecs, signal) {
      await house.mirrors.push(remoteOf(house, await find(id)), refspecs, { signal })
    },
    blobs: house.blobs,
  }
}
