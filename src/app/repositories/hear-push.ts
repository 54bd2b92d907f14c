import { readId } from '#domain/ids.ts'
import { DomainError, isDomainError } from '#domain/errors.ts'
import { SealError } from '#ground/encryption.ts'
import { sameSecret } from '#ground/secrets.ts'
import { verifyBodySignature } from '#ground/signatures.ts'
import { findRepository, findRepositoryByName, type RepositoryRow } from '#store/repository.ts'
import type { House } from '../context.ts'
import { refreshMirror } from './fetch-repository.ts'

/** Whose secret the sealed secret of a hook is. */
export const hookContext = (repositoryId: string) => `hook of repository ${repositoryId}`

/** What a repository's host shows that it is the host: a signature of the body, or the secret itself. */
export interface HookProof {
  /** As it came, byte for byte. */
  body: Uint8Array
  /** `sha256=` and the HMAC in hexadecimal digits. */
  signature?: string | undefined
  token?: string | undefined
}

/**
 * The repository that a message is about, by its name or id, if its host sent it. Throws `unauthenticated`, also for a
 * repository that is not known or has no secret for this.
 */
export async function trustHook(house: House, named: string, proof: HookProof): Promise<RepositoryRow> {
  const { signature, token, body } = proof
  const id = readId('repository', named)
  const row = id ? await findRepository(house.db, id) : await findNamed(house, named)
  const secret = row && secretOf(house, row)
  if (row && secret !== undefined) {
    if (
      signature !== undefined
        ? verifyBodySignature(secret, body, signature)
        : token && sameSecret(token, secret)
    )
      return row
  }
  throw new DomainError('unauthenticated', {
    credential: signature === undefined && !token ? 'none' : 'token',
  })
}

/** Undefined also where the key is gone that it was sealed with: nobody can be believed then. */
function secretOf({ vault }: House, { id, hook_secret }: RepositoryRow): string | undefined {
  if (hook_secret === null) return undefined
  try {
    return vault.open(hook_secret, hookContext(id))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return undefined
  }
}

/** No name has such characters, and the store takes none of them. */
async function findNamed({ db }: House, name: string): Promise<RepositoryRow | undefined> {
  // eslint-disable-next-line no-control-regex
  if (name.length > 300 || /[\u0000-\u001F]/.test(name) || !name.isWellFormed()) return undefined
  return findRepositoryByName(db, name)
}

/** Something was pushed there: it is fetched as soon as somebody has time. */
export async function hearPush(
  house: House,
  { id: repository_id }: Pick<RepositoryRow, 'id'>,
): Promise<void> {
  const job = { name: 'fetch-repository' as const, data: { repository_id } }
  await house.db.transaction().execute((tx) => house.enqueue(tx, [job]))
}

/**
 * The job that `hearPush` leaves. Answers why the repository could not be reached, if it could not: whoever needs it next
 * fetches it then, so that nobody has to try again.
 */
export async function fetchPushed(
  house: House,
  repositoryId: string,
  signal?: AbortSignal,
): Promise<{ repository: string; detail: string } | undefined> {
  const row = await findRepository(house.db, repositoryId)
  if (!row) return undefined
  try {
    await refreshMirror(house, row, signal)
    return undefined
  } catch (error) {
    if (isDomainError(error, 'repository_unreachable')) return error.details
    throw error
  }
}
