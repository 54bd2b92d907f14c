import { isDeepStrictEqual } from 'node:util'
import { invalidField } from '#domain/errors.ts'
import { skipToHead, updateWebhook as updateRow, type WebhookRow } from '#store/webhook.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { holdWebhook, type WhichWebhook } from './get-webhook.ts'
import { standardFormat } from './message-format.ts'
import {
  checkBranches,
  checkEnvironments,
  checkWebhookFields,
  formatWords,
  type WebhookFields,
} from './webhook-fields.ts'
import { requireReach } from './within-reach.ts'
import { originOf, secretContext, viewWebhook, type WebhookView } from './webhook-view.ts'

export interface WebhookChange extends WhichWebhook, Partial<WebhookFields> {
  version?: number | undefined
  /** The words that this change is said in: those of the webhook's format, where they go beyond ours. */
  format?: string
  /** What it keeps secret for its format, made from what it kept until now; null for nothing. */
  credentials?: (before: string | null) => string | null
}

/**
 * What is left out stays. Enabled again, it is told of what is sealed from then on; what was not sent yet is sent.
 * Changes nothing, and records nothing, when nothing differs. Throws `invalid`, `not_found`, `version_conflict`.
 */
export async function updateWebhook(ctx: Context, input: WebhookChange): Promise<WebhookView> {
  return transact(ctx, async (unit) => {
    const held = await holdWebhook(ctx, unit.tx, input, input.version)
    refuseForeignWords(held, input)
    requireReach(ctx, { ...held, ...defined(input) })
    checkWebhookFields(ctx, input, { format: held.format })
    const credentials = changedCredentials(ctx, held, input)
    return changeWebhookIn(ctx, unit, held, input, credentials === undefined ? {} : { credentials })
  })
}

/** Sealed, or where headgate.yaml says that it sends to. */
type Beside = Partial<Pick<WebhookRow, 'credentials' | 'secret' | 'declared_url'>>

/** Of a webhook that the caller's transaction holds; the caller authorises and has checked the fields. */
export async function changeWebhookIn(
  ctx: Context,
  unit: Unit,
  held: WebhookRow,
  input: Partial<WebhookFields>,
  beside: Beside = {},
): Promise<WebhookView> {
  await checkEnvironments(unit.tx, held.project_id, input.environment_ids)
  await checkBranches(unit.tx, held.project_id, input.branches)
  const before = fieldsOf(held)
  const given = Object.entries(input).filter(([key, value]) => key in before && value !== undefined)
  const after = { ...before, ...(Object.fromEntries(given) as Partial<typeof before>) }
  if (isDeepStrictEqual(after, before) && Object.keys(beside).length === 0) return viewWebhook(held)
  const now = ctx.now()
  const { disabled, settings, ...fields } = after
  const change = {
    ...{ ...fields, ...beside },
    disabled_at: disabled ? (held.disabled_at ?? now) : null,
    disabled_reason: disabled ? held.disabled_reason : null,
    ...{ updated_by: authorIn(ctx), updated_at: now },
  }
  await updateRow(unit.tx, held.id, { ...change, settings: JSON.stringify(settings) })
  const enabled = before.disabled && !disabled
  if (enabled) {
    await skipToHead(unit.tx, held.id)
    unit.wake({ name: 'deliver-webhook', data: {} })
  }
  const { id, project_id } = held
  const { kinds, description, environment_ids } = after
  const data = { kinds, description, environment_ids, disabled, origin: originOf(after.url) }
  unit.record({ kind: 'webhook.updated', project_id, subject_id: id, data })
  const version = held.version + 1
  const failing_since = enabled ? null : held.failing_since
  return viewWebhook({ ...held, ...change, settings, version, failing_since })
}

function fieldsOf(held: WebhookRow) {
  const { url, kinds, description, environment_ids, other_urls, branches, settings, retries } = held
  const disabled = held.disabled_at !== null
  return { url, kinds, description, environment_ids, other_urls, branches, settings, retries, disabled }
}

/** Undefined: they stay. */
function changedCredentials(
  ctx: Context,
  { id, credentials: sealed }: WebhookRow,
  { credentials: change }: WebhookChange,
): string | null | undefined {
  if (!change) return undefined
  const before = sealed === null ? null : ctx.vault.open(sealed, secretContext(id))
  const after = change(before)
  if (after === before) return undefined
  return after === null ? null : ctx.vault.seal(after, secretContext(id))
}

/** What one surface's words made, another's cannot say whole. */
function refuseForeignWords(
  { format: own }: WebhookRow,
  { format = standardFormat, ...input }: WebhookChange,
): void {
  if (own === format) return
  const field = formatWords.find((word) => input[word] !== undefined)
  if (field) throw invalidField(field, 'immutable', `is said in the words of ${own} for this webhook`)
}

const defined = ({ environment_ids, branches }: WebhookChange) => ({
  ...(environment_ids === undefined ? {} : { environment_ids }),
  ...(branches === undefined ? {} : { branches }),
})
