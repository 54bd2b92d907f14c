import type { Outcome } from '#ground/outbound.ts'
import { signatureHeaders } from '#ground/signatures.ts'
import { showId } from '#domain/ids.ts'
import { nextAttemptAt, verdictOf } from '#domain/webhook.ts'
import { lockWebhook, updateWebhook } from '#store/webhook.ts'
import {
  recordAttempt,
  releaseClaim,
  type AttemptOutcome,
  type ClaimedDelivery,
} from '#store/webhook-write.ts'
import { transact, type Context } from '../context.ts'
import { excerptOf } from './excerpt-of.ts'
import { originOf, secretContext } from './webhook-view.ts'

const timeouts = { connect_ms: 5_000, headers_ms: 15_000, whole_ms: 15_000 }

/**
 * Sends one delivery and writes down what became of it. When the attempt is to be repeated is decided by the answer;
 * a receiver that is gone (410) is not told of anything more. Aborted, it leaves no trace and is due again at once.
 * Headgate's own.
 */
export async function sendDelivery(
  ctx: Context,
  delivery: ClaimedDelivery,
  { body, signal }: { body: string; signal: AbortSignal },
): Promise<void> {
  const at = ctx.now()
  const began = performance.now()
  const outcome = await send(ctx, delivery, { body, signal, at })
  if (signal.aborted) return releaseClaim(ctx.db, delivery)
  const attempt = { at, duration_ms: Math.round(performance.now() - began), ...told(outcome) }
  const verdict = verdictOf(attempt.status)
  const next = verdict === 'failed' ? nextOf(ctx, delivery, outcome) : undefined
  const state = next ? 'pending' : verdict === 'delivered' ? 'delivered' : 'failed'
  await record(ctx, delivery, { ...attempt, state, next_attempt_at: next ?? null }, verdict === 'gone')
}

async function send(
  ctx: Context,
  delivery: ClaimedDelivery,
  { body, signal, at }: { body: string; signal: AbortSignal; at: Date },
): Promise<Outcome> {
  const { webhook_id, secret, previous_secret, previous_until } = delivery
  const sealed = [
    secret,
    ...(previous_secret && previous_until && previous_until > at ? [previous_secret] : []),
  ]
  let secrets: string[]
  try {
    secrets = sealed.map((one) => ctx.vault.open(one, secretContext(webhook_id)))
  } catch {
    return { failed: 'its secret cannot be opened: the key that it was sealed with is gone' }
  }
  const signed = signatureHeaders({ id: showId('delivery', delivery.id), at, body }, secrets)
  const headers = { 'content-type': 'application/json', ...signed }
  return ctx.outbound.send({
    url: delivery.url,
    method: 'POST',
    headers,
    body,
    timeouts,
    most_bytes: 4096,
    signal,
  })
}

function told(outcome: Outcome): Pick<AttemptOutcome, 'status' | 'error' | 'answer'> {
  if ('refused' in outcome) return { status: null, error: `refused: ${outcome.refused}`, answer: null }
  if ('failed' in outcome) return { status: null, error: outcome.failed, answer: null }
  const { status, body, redirect_to } = outcome
  const error = redirect_to === undefined ? null : 'it redirects, and redirects are not followed'
  return { status, error, answer: excerptOf(body) }
}

function nextOf(ctx: Context, { id, tries, round_at }: ClaimedDelivery, outcome: Outcome): Date | undefined {
  const asked = 'status' in outcome ? outcome.retry_after_seconds : undefined
  // An id ends in chance, so that attempts of many deliveries spread by themselves.
  const spread = Number.parseInt(id.slice(-4), 16) / 0xffff
  return nextAttemptAt({ tries: tries + 1, at: ctx.now(), round_at, retry_after_seconds: asked, spread })
}

async function record(
  ctx: Context,
  delivery: ClaimedDelivery,
  outcome: AttemptOutcome,
  gone: boolean,
): Promise<void> {
  await transact(ctx, async (unit) => {
    if (!(await recordAttempt(unit.tx, delivery, outcome))) return
    const { next_attempt_at } = outcome
    if (next_attempt_at) unit.wake({ name: 'deliver-webhook', data: {}, after: next_attempt_at })
    if (!gone) return
    const held = await lockWebhook(unit.tx, delivery.webhook_id)
    if (!held || held.disabled_at) return
    const reason = 'It answered 410 Gone.'
    await updateWebhook(unit.tx, held.id, {
      disabled_at: outcome.at,
      disabled_reason: reason,
      updated_at: outcome.at,
    })
    const { id, project_id, url } = held
    unit.record({
      kind: 'webhook.disabled',
      project_id,
      subject_id: id,
      reason,
      data: { origin: originOf(url) },
    })
  })
}
