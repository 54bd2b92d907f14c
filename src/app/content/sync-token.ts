import { invalidField } from '#domain/errors.ts'
import { SealError } from '#ground/encryption.ts'
import type { JournalPlace } from '#store/content-edition.ts'
import type { LivePlace } from '#store/content-followed.ts'
import type { Context } from '../context.ts'

/** What a client follows, as it was said when it began. */
export interface SyncFilter {
  locales: readonly string[] | null
  follow: boolean
  content_types: readonly string[] | null
  assets: boolean
  /** Null: what is published at first, everything from then on. */
  types: readonly string[] | null
}

/** How far a client has followed what an environment serves. */
export interface SyncPlace {
  environment_id: string
  branch_id: string
  filter: SyncFilter
  journal: JournalPlace
  /** The last content type that it was told had gone. */
  removal: { ordinal: number; content_type_uid: string } | null
  /** Whether it is still in its first sync. */
  initial: boolean
  /** While it reads what is live: after what. Null: it follows the journal. */
  live: LivePlace | 'all' | null
  /** How much it was told in this sync, and how much there will be. */
  skip: number
  total: number
}

/** Sealed: nobody can make one, or read from it what he may not. It stays good as long as the secret key does. */
export function writeSyncToken(ctx: Context, projectId: string, place: SyncPlace): string {
  return ctx.vault.seal(JSON.stringify(place), contextOf(projectId))
}

/** Throws `invalid` (`token`) for what this project has not given out. */
export function readSyncToken(ctx: Context, projectId: string, token: string): SyncPlace {
  try {
    return JSON.parse(ctx.vault.open(token, contextOf(projectId))) as SyncPlace
  } catch (error) {
    if (error instanceof SealError)
      throw invalidField(
        'token',
        'invalid',
        'is not a token of this stack. Begin again with an initial sync.',
      )
    throw error
  }
}

function contextOf(projectId: string): string {
  return `sync ${projectId}`
}
