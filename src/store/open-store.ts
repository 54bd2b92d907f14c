import type { HoldFolder } from './open-embedded.ts'
import type { Store } from './store.ts'

export interface StoreOptions {
  /** PostgreSQL's URL. Without it the store is embedded in the data folder. */
  databaseUrl?: string
  dataDir: string
  /** Keeps other processes out of the data folder; used by the embedded store only. */
  holdFolder: HoldFolder
  /**
   * Embedded store only: whether a commit waits until it is on the disk (a few milliseconds each). Without it
   * commits survive the end of the process, `kill -9` included, but not the machine's.
   */
  syncToDisk?: boolean
  /** Connections to PostgreSQL at most, beside those of the queue. */
  poolSize?: number
  onError: (error: Error) => void
}

/**
 * Opens the store without migrating it.
 *
 * @throws Error in plain words when the folder is held by another process or the server cannot be used
 */
export async function openStore({
  databaseUrl,
  dataDir,
  holdFolder,
  syncToDisk = true,
  poolSize = 10,
  onError,
}: StoreOptions): Promise<Store> {
  // Each kind is loaded only when it is wanted: PGlite alone would cost a server on PostgreSQL some 30 MB.
  if (databaseUrl) {
    const { openPostgres } = await import('./open-postgres.ts')
    return openPostgres({ databaseUrl, poolSize, onError })
  }
  const { openEmbedded } = await import('./open-embedded.ts')
  return openEmbedded({ dataDir, holdFolder, syncToDisk })
}
