import { DomainError } from '#domain/errors.ts'
import { SealError } from '#ground/encryption.ts'
import { ForbiddenRemoteError } from '#ground/git/remote-url.ts'
import { GitError } from '#ground/git/run-git.ts'
import { RemoteError, type Remote } from '#ground/git/talk-to-remote.ts'
import type { RepositoryRow } from '#store/repository.ts'
import type { House } from '../context.ts'

/** Whose secret a sealed credential is. */
export const credentialContext = (repositoryId: string) => `repository ${repositoryId}`

/**
 * How a repository is spoken to, its credential opened. Throws `repository_unreachable` where the key is gone that it
 * was sealed with.
 */
export function remoteOf({ vault }: Pick<House, 'vault'>, repository: RepositoryRow): Remote {
  const { id, name, url, credential } = repository
  if (credential === null) return { id, url }
  try {
    return { id, url, secret: vault.open(credential, credentialContext(id)) }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    const detail = 'its credential was sealed with another HEADGATE_SECRET_KEY; apply headgate.yaml again'
    throw new DomainError('repository_unreachable', { repository: name, detail })
  }
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
