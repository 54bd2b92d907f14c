import { createHash } from 'node:crypto'
import { DomainError } from '#domain/errors.ts'
import { findStateVersion, insertStateVersion, removeStateVersions } from '#store/infra-state-version.ts'
import { lockInfraState, findInfraState, updateInfraState, type InfraStateRow } from '#store/infra-state.ts'
import type { Db } from '#store/database.ts'
import { keepSealed } from '../blobs/keep-sealed.ts'
import { removeUnusedBlobs } from '../blobs/remove-unused-blobs.ts'
import { authorIn, transact, type Unit } from '../context.ts'
import { stateContext } from './read-state.ts'
import { readStateHead, type StateHead } from './state-head.ts'
import { allowState, holdsLock, subjectIds, type StateCaller } from './state-caller.ts'

/** So many versions of a state are kept. What plans and deployments need of older ones is their number alone. */
const keptVersions = 50

export interface StateWriting {
  bytes: Uint8Array
  /** Of the lock under which it is written; undefined where the client said none. */
  lock_id: string | undefined
}

/** `refused`: what stands in the way, and it for people. `info`: of the lock that is held, where that is it. */
export type WriteOutcome =
  | { written: true; version: number }
  | { written: false; refused: StateRefusal; detail: string; info?: string }

export type StateRefusal = 'locked' | 'unlocked' | 'another_lineage' | 'older'

/**
 * Keeps a new state: sealed, as a version of its own. Its bytes are durable before its row is written, and none that
 * were kept before are touched. What is sent once more, since its answer was lost, is written once. Throws
 * `malformed` for what is no state, `forbidden`.
 */
export async function writeState(caller: StateCaller, writing: StateWriting): Promise<WriteOutcome> {
  const { ctx, environment } = caller
  await allowState(ctx.db, caller, 'state.write')
  const head = readStateHead(writing.bytes)
  const content_digest = createHash('sha256').update(writing.bytes).digest('hex')
  const known = await findInfraState(ctx.db, environment.id)
  const early = known && (await refusalOf(ctx.db, caller, known, { ...writing, head, content_digest }))
  if (early) return early
  const blob_digest = await keepSealed(ctx, writing.bytes, stateContext(environment.id))
  const outcome = await transact(ctx, async (unit): Promise<WriteOutcome & { forgotten?: string[] }> => {
    await allowState(unit.tx, caller, 'state.write', true)
    const row = await lockInfraState(unit.tx, environment.id, ctx.now())
    const refused = await refusalOf(unit.tx, caller, row, { ...writing, head, content_digest })
    if (refused) return refused
    const version = row.version + 1
    const bytes = writing.bytes.length
    await insertVersion(unit, caller, { ...head, version, blob_digest, content_digest, bytes }, row)
    return {
      written: true,
      version,
      forgotten: await removeStateVersions(unit.tx, environment.id, version - keptVersions),
    }
  }).catch(async (error: unknown) => {
    // After any other error nobody knows whether the row is there: a blob too many does no harm.
    if (error instanceof DomainError) await ctx.blobs.remove(blob_digest)
    throw error
  })
  const { forgotten, ...said } = outcome
  if (!forgotten) await ctx.blobs.remove(blob_digest)
  else await removeUnusedBlobs(ctx, forgotten)
  return said
}

interface NewVersion extends StateHead {
  version: number
  blob_digest: string
  content_digest: string
  bytes: number
}

async function insertVersion(
  { tx, record }: Unit,
  { ctx, environment, own }: StateCaller,
  { version, serial, lineage, blob_digest, content_digest, bytes }: NewVersion,
  { lock_id }: InfraStateRow,
): Promise<void> {
  const at = ctx.now()
  const { id: environment_id, project_id } = environment
  await insertStateVersion(tx, {
    ...{ environment_id, version, serial, lineage, blob_digest, content_digest, bytes, lock_id },
    ...{ ...subjectIds(own), written_by: own ? null : authorIn(ctx), created_at: at },
  })
  await updateInfraState(tx, environment_id, {
    ...{ version, serial, lineage, blob_digest, updated_at: at },
    // Whoever writes now knows what was made, or says so.
    unposted_blob: null,
  })
  // What a deployment writes is part of it, and its own events say so.
  if (!own) record({ kind: 'state.written', project_id, environment_id, data: { version, serial, lineage } })
}

/** What stands in the way, or that it was written already. */
async function refusalOf(
  db: Db,
  caller: StateCaller,
  row: InfraStateRow,
  { head, lock_id, content_digest }: StateWriting & { head: StateHead; content_digest: string },
): Promise<WriteOutcome | undefined> {
  const locked = refusalByLock(caller, row, lock_id)
  if (locked) return locked
  if (row.blob_digest === null) return undefined
  const { serial, lineage } = row
  const refused = (why: StateRefusal, detail: string) => ({ written: false, refused: why, detail }) as const
  if (lineage !== null && head.lineage !== lineage)
    return refused(
      'another_lineage',
      `The state here is of the lineage ${lineage}, this one of ${head.lineage}: they have nothing to do with each other. Remove the state here first if this one is to take its place.`,
    )
  if (serial === null || head.serial > serial) return undefined
  if (head.serial === serial) {
    const current = await findStateVersion(db, row.environment_id, row.version)
    if (current?.content_digest === content_digest) return { written: true, version: row.version }
  }
  return refused(
    'older',
    `The state here has the serial ${serial}, this one ${head.serial}: somebody has written since it was read.`,
  )
}

/** Whether somebody else is at it, or the lock that it was written under is gone. */
export function refusalByLock(
  caller: StateCaller,
  row: InfraStateRow,
  lock_id: string | undefined,
): (WriteOutcome & { written: false }) | undefined {
  if (row.lock_id === null) {
    if (lock_id === undefined && caller.own === null) return undefined
    const detail = `Nobody holds the lock${lock_id === undefined ? '' : ` ${lock_id}`}: it was let go of meanwhile.`
    return { written: false, refused: 'unlocked', detail }
  }
  if (row.lock_id === lock_id && holdsLock(caller, row)) return undefined
  const detail = `The state is locked under the id ${row.lock_id}${row.lock_id === lock_id ? ' by somebody else' : ''}.`
  return { written: false, refused: 'locked', detail, info: row.lock_info ?? '{}' }
}
