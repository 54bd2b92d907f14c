import { DomainError } from '#domain/errors.ts'
import { ForbiddenRemoteError } from '#ground/git/remote-url.ts'
import { GitError } from '#ground/git/run-git.ts'
import { RemoteError, type Remote } from '#ground/git/talk-to-remote.ts'
import type { RepositoryRow } from '#store/repository.ts'
import type { House } from '../context.ts'

/** Whose secret a sealed credential is. */
export const credentialContext = (repositoryId: string) => `repository ${repositoryId}`

/** How a repository is spoken to, its credential opened. Throws SealError where the key is gone. */
export function remoteOf({ vault }: Pick<House, 'vault'>, repository: RepositoryRow): Remote {
  const { id, url, credential } = repository
  return { id, url, secret: credential === null ? undefined : vault.open(credential, credentialContext(id)) }
}

/** How long a request waits for a repository. The fetch itself is not ended by that. */
const patience_seconds = 60

export const patience = () => AbortSignal.timeout(patience_seconds * 1000)

/** What kept git from it, as `repository_unreachable`; any other error as it is. */
export function unreachable(repository: RepositoryRow, error: unknown): unknown {
  if (error instanceof RemoteError || error instanceof ForbiddenRemoteError || error instanceof GitError)
    return new DomainError('repository_unreachable', { repository: repository.name, detail: error.message })
  if (error instanceof Error && error.name === 'TimeoutError') {
    const detail = `it has not come in ${patience_seconds} seconds, and goes on; try again later`
    return new DomainError('repository_unreachable', { repository: repository.name, detail })
  }
  return error
}
