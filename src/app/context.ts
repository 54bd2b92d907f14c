import type { Job } from '#domain/jobs.ts'
import type { Principal } from '#domain/principal.ts'
import { actorOf, systemActor, type Actor, type NewEvent } from '#domain/events.ts'
import type { Blobs } from '#ground/blobs.ts'
import type { Mirrors } from '#ground/git/mirrors.ts'
import type { Outbound } from '#ground/outbound.ts'
import type { Vault } from '#ground/encryption.ts'
import type { Db } from '#store/database.ts'
import { insertEvents, type StampedEvent } from '#store/event.ts'
import type { KeyClaim } from '#store/idempotency-key.ts'
import { notify } from '#store/notify.ts'
import { goneMeanwhile } from './gone-meanwhile.ts'
import { markKeyDone } from './idempotency/mark-key-done.ts'
import { forgetChannel, memoryOf, outdatesMemory } from './memory.ts'
import { tryAgain } from './try-again.ts'

/** What every use-case works with; one for the whole process. */
export interface House {
  db: Db
  /** The only clock. */
  now(): Date
  /** The only source of ids: UUIDv7. */
  newId(): string
  /** Puts jobs into the caller's transaction: they vanish with its rollback. */
  enqueue(tx: Db, jobs: readonly Job[]): Promise<void>
  /** Tells the sealer that there may be something to read. */
  committed(): void
  blobs: Blobs
  /** Copies of the repositories that code is released from. */
  mirrors: Mirrors
  /** Seals secrets that lie in the store. The context says whose they are: `webhook <id>`. */
  vault: Vault
  /** The one way to call somebody. */
  outbound: Outbound
}

/** The house as one principal finds it. Null: Headgate itself, from the engine or the start. */
export interface Context extends House {
  principal: Principal | null
  /** What the request's Idempotency-Key holds, if it came with one: `transact` marks it as done. */
  claim?: KeyClaim
}

export function asPrincipal(house: House, principal: Principal | null): Context {
  return { ...house, principal }
}

/** Who is recorded as having done it. */
export function actorIn(ctx: Context): Actor {
  return ctx.principal ? actorOf(ctx.principal) : systemActor
}

/** The author recorded on what is made, null for Headgate itself and for tokens that belong to nobody. */
export function authorIn(ctx: Context): string | null {
  return ctx.principal?.user_id ?? null
}

/** What a transaction of a use-case leaves behind beside its rows. */
export interface Unit {
  tx: Db
  /** Written with the transaction's rows, in one statement at its end. */
  record(event: NewEvent): void
  /** Enqueued in the transaction. */
  wake(job: Job): void
}

/**
 * One transaction: rows, events and jobs together or not at all. Inside, only `unit.tx` may be used: the outer
 * `db` would wait for ever on the embedded store. `work` is done again where another transaction got in its way, so
 * it leaves nothing behind but what it returns. Throws `unauthenticated` or `not_found` where something that a row
 * refers to was removed meanwhile.
 */
export async function transact<T>(ctx: Context, work: (unit: Unit) => Promise<T>): Promise<T> {
  let outdated = false
  const attempt = () =>
    ctx.db.transaction().execute(async (tx) => {
      const events: NewEvent[] = []
      const jobs: Job[] = []
      const value = await work({ tx, record: (event) => events.push(event), wake: (job) => jobs.push(job) })
      if (events.length > 0) await insertEvents(tx, rowsOf(ctx, events))
      if (jobs.length > 0) await ctx.enqueue(tx, jobs)
      if (ctx.claim) await markKeyDone(ctx, tx, ctx.claim, events)
      outdated = events.some(({ kind }) => outdatesMemory(kind))
      if (outdated) await notify(tx, forgetChannel, '')
      return value
    })
  const result = await tryAgain(attempt).catch((error: unknown) => {
    throw goneMeanwhile(error) ?? error
  })
  // Others hear of it; whoever called this must not have to wait for that.
  if (outdated) memoryOf(ctx).forget()
  ctx.committed()
  return result
}

/**
 * As `transact`, for what one statement does together with its event: a statement is a transaction by itself, and is
 * one turn to the store instead of four. `write` gets the event where it has to write it, else a transaction that
 * does.
 */
export async function transactAtOnce<T>(
  ctx: Context,
  event: NewEvent,
  write: (db: Db, event: StampedEvent | undefined) => Promise<T>,
): Promise<T> {
  if (ctx.claim || outdatesMemory(event.kind))
    return transact(ctx, ({ tx, record }) => {
      record(event)
      return write(tx, undefined)
    })
  const [stamped] = rowsOf(ctx, [event])
  const result = await tryAgain(() => write(ctx.db, stamped)).catch((error: unknown) => {
    throw goneMeanwhile(error) ?? error
  })
  ctx.committed()
  return result
}

/** Events as rows, stamped with who, when and a new id. */
function rowsOf(ctx: Context, events: readonly NewEvent[]) {
  const at = ctx.now()
  const actor = actorIn(ctx)
  return events.map((event) => ({ ...event, id: ctx.newId(), at, actor }))
}
