import { DomainError } from '#domain/errors.ts'
import { findRevisionByNumber, type RevisionRow } from '#store/revision.ts'
import type { Context } from '../context.ts'
import { readRelease, type ReleaseNamed } from './read-place.ts'

/** One revision of a release with its items, by its number. Throws `not_found`. */
export async function getRevision(
  ctx: Context,
  input: ReleaseNamed & { number: number },
): Promise<RevisionRow> {
  await readRelease(ctx, input)
  const revision = await findRevisionByNumber(ctx.db, input.release_id, input.number)
  if (!revision) throw new DomainError('not_found', { what: 'revision', id: String(input.number) })
  return revision
}
