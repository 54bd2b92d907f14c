import { DomainError } from '#domain/errors.ts'
import { digestOf } from '#domain/revision.ts'
import {
  claimIdempotencyKey,
  findIdempotencyKey,
  type IdempotencyKeyRow,
  type KeyClaim,
} from '#store/idempotency-key.ts'
import type { Context } from '../context.ts'
import { openAnswer, type KeptAnswer } from './kept-answer.ts'

export interface KeyedRequest {
  key: string
  method: string
  /** With its query. */
  path: string
  /** What else says what is asked for: the body, and the headers that bind it. */
  asked: unknown
}

const keptHours = 24
/** How long a request may be at work before a retry may take its place. Whoever was slower is undone whole. */
const claimSeconds = 30

/**
 * Takes the caller's key for this request: `claim` is to be carried by the context that does the work. Where the same
 * request was answered in the last 24 hours, gives that answer instead. Throws `idempotency_key_reused` for another
 * request, `idempotency_key_busy` while it is being worked on, and `idempotency_key_done` where it was done by a
 * process that ended before it could keep its answer.
 */
export async function claimKey(
  ctx: Context,
  { key, method, path, asked }: KeyedRequest,
): Promise<{ claim: KeyClaim } | { answer: KeptAnswer }> {
  const caller_id = ctx.principal?.token_id ?? ctx.principal?.user_id
  if (!caller_id) throw new Error('a key belongs to whoever sent it')
  const at = ctx.now()
  const claim = { caller_id, key, claim_id: ctx.newId() }
  const request = { method, path, fingerprint: digestOf(asked) }
  const row = {
    ...claim,
    ...request,
    claimed_until: after(at, claimSeconds),
    expires_at: after(at, keptHours * 3600),
  }
  // A row that is gone between the two statements was given back: take it again.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await claimIdempotencyKey(ctx.db, row, at)) return { claim }
    const found = await findIdempotencyKey(ctx.db, claim)
    if (found) return { answer: answerOf(ctx, found, request, at) }
  }
  throw new DomainError('idempotency_key_busy', { key, retry_after_seconds: 1 })
}

function answerOf(
  ctx: Context,
  found: IdempotencyKeyRow,
  { method, path, fingerprint }: Pick<IdempotencyKeyRow, 'method' | 'path' | 'fingerprint'>,
  at: Date,
): KeptAnswer {
  const { key } = found
  if (found.method !== method || found.path !== path || found.fingerprint !== fingerprint)
    throw new DomainError('idempotency_key_reused', { key, method: found.method, path: found.path })
  if (found.answer !== null) return openAnswer(ctx, found, found.answer)
  if (found.done_at !== null)
    throw new DomainError('idempotency_key_done', { key, at: found.done_at, events: found.done_events })
  const wait = Math.ceil((found.claimed_until.getTime() - at.getTime()) / 1000)
  throw new DomainError('idempotency_key_busy', { key, retry_after_seconds: Math.max(1, wait) })
}

function after(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
