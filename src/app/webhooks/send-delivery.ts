import { SealError } from '#ground/encryption.ts'
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
import { webhookOf, type Written } from './claim-deliveries.ts'
import { excerptOf } from './excerpt-of.ts'
import { standardFormat, type MessageFormats } from './message-format.ts'
import { originOf, secretContext } from './webhook-view.ts'

const timeouts = { connect_ms: 5_000, headers_ms: 15_000, whole_ms: 15_000 }

export interface Sending {
  written: Written
  formats: MessageFormats
  signal: AbortSignal
}

/**
 * Sends one delivery and writes down what became of it. When the attempt is to be repeated is decided by the answer;
 * a receiver that is gone (410) is not told of anything more. Aborted, it leaves no trace and is due again at once.
 * Headgate's own.
 */
export async function sendDelivery(
  ctx: Context,
  delivery: ClaimedDelivery,
  { written, formats, signal }: Sending,
): Promise<void> {
  const at = ctx.now()
  const began = performance.now()
  const outcome = await send(ctx, delivery, { written, formats, signal, at })
  if (signal.aborted) return releaseClaim(ctx.db, delivery)
  const attempt = { at, duration_ms: Math.round(performance.now() - began), ...told(outcome) }
  const verdict = judge(delivery, attempt.status)
  const again = verdict === 'failed' && delivery.retries === 'automatic'
  const next = again ? nextOf(ctx, delivery, outcome) : undefined
  const state = next ? 'pending' : verdict === 'delivered' ? 'delivered' : 'failed'
  await record(ctx, delivery, { ...attempt, state, next_attempt_at: next ?? null }, verdict === 'gone')
}

/** A receiver of other words than ours does not know what 410 means here. */
function judge({ format }: ClaimedDelivery, status: number | null) {
  const verdict = verdictOf(status)
  return verdict === 'gone' && format !== standardFormat ? 'failed' : verdict
}

async function send(
  ctx: Context,
  delivery: ClaimedDelivery,
  { written, formats, signal, at }: Sending & { at: Date },
): Promise<Outcome> {
  if ('failed' in written) return written
  const { url, declared } = delivery
  if (url === null) return { failed: 'the webhook has this destination no more' }
  const { body } = written
  let headers: Record<string, string>
  try {
    headers = await headersFor(ctx, delivery, { body, formats, at })
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { failed: 'its secret cannot be opened: the key that it was sealed with is gone' }
  }
  const limits = { timeouts, most_bytes: 4096, signal }
  return ctx.outbound.send({ url, declared, method: 'POST', headers, body, ...limits })
}

async function headersFor(
  ctx: Context,
  delivery: ClaimedDelivery,
  { body, formats, at }: { body: string; formats: MessageFormats; at: Date },
): Promise<Record<string, string>> {
  const { webhook_id, secret, previous_secret, previous_until, credentials: sealed, target } = delivery
  const open = (one: string) => ctx.vault.open(one, secretContext(webhook_id))
  const id = showId('delivery', delivery.id)
  if (delivery.format !== standardFormat) {
    const credentials = sealed === null ? null : open(sealed)
    const outgoing = { id: delivery.id, webhook: webhookOf(delivery), target, body, credentials }
    const headers = await formats.get(delivery.format)?.headers(ctx, outgoing)
    // By this a receiver tells what it got twice, in whatever words.
    return { ...headers, 'webhook-id': id }
  }
  const old = previous_secret && previous_until && previous_until > at ? [previous_secret] : []
  const signed = signatureHeaders({ id, at, body }, [secret, ...old].map(open))
  return { 'content-type': 'application/json', ...signed }
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
