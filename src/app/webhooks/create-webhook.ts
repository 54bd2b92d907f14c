import { DomainError, invalidField } from '#domain/errors.ts'
import { isSigningSecret, makeSigningSecret } from '#ground/signatures.ts'
import { countWebhooks, findWebhook, insertWebhook } from '#store/webhook.ts'
import { authorize } from '../authorize.ts'
import { authorIn, transact, type Context, type Unit } from '../context.ts'
import { checkBranches, checkEnvironments, checkWebhookFields, type WebhookFields } from './webhook-fields.ts'
import { standardFormat } from './message-format.ts'
import { requireReach } from './within-reach.ts'
import { originOf, secretContext, viewWebhook, type WebhookView } from './webhook-view.ts'

export interface NewWebhook
  extends Pick<WebhookFields, 'url' | 'kinds'>, Partial<Omit<WebhookFields, 'url' | 'kinds'>> {
  /** Null: it is told of the whole instance. */
  project_id: string | null
  /** `whsec_…`; made where it is left out. */
  secret?: string
  /** Who writes its messages, where that is not ourselves. */
  format?: string
  /** What it keeps secret for its format; sealed here. */
  credentials?: string | null
  /** What headgate.yaml calls it: then its URL may be a private address. */
  declared_name?: string
}

const most = 1000

/** Who is told of what is sealed from now on. The secret is shown here and never again. Throws `invalid`, `limit_reached`. */
export async function createWebhook(
  ctx: Context,
  input: Omit<NewWebhook, 'declared_name'>,
): Promise<{ webhook: WebhookView; secret: string }> {
  const { project_id, environment_ids = null, branches = null, format = standardFormat } = input
  authorize(ctx, 'webhook.admin', { project_id })
  requireReach(ctx, { environment_ids, branches })
  checkWebhookFields(ctx, input, { format })
  givenSecret(input.secret)
  return transact(ctx, (unit) => createWebhookIn(ctx, unit, input))
}

/** Inside a caller's transaction; the caller authorises and has checked the fields. */
export async function createWebhookIn(
  ctx: Context,
  unit: Unit,
  input: NewWebhook,
): Promise<{ webhook: WebhookView; secret: string }> {
  const { project_id, url, kinds, description = '', environment_ids = null, disabled = false } = input
  const { format = standardFormat, other_urls = [], branches = null, retries = 'automatic' } = input
  const { settings = {}, credentials = null, declared_name = null } = input
  const secret = givenSecret(input.secret) ?? makeSigningSecret()
  const id = ctx.newId()
  if ((await countWebhooks(unit.tx, project_id)) >= most)
    throw new DomainError('limit_reached', { limit: 'webhooks may be in one project', most })
  await checkEnvironments(unit.tx, project_id, environment_ids)
  await checkBranches(unit.tx, project_id, branches)
  const now = ctx.now()
  await insertWebhook(unit.tx, {
    ...{ id, project_id, url, kinds: [...kinds], description },
    environment_ids: environment_ids && [...environment_ids],
    secret: ctx.vault.seal(secret, secretContext(id)),
    disabled_at: disabled ? now : null,
    ...{ format, other_urls: [...other_urls], branches: branches && [...branches], retries },
    settings: JSON.stringify(settings),
    credentials: credentials === null ? null : ctx.vault.seal(credentials, secretContext(id)),
    ...{ declared_name, declared_url: declared_name === null ? null : url },
    ...{ created_by: authorIn(ctx), created_at: now, updated_by: authorIn(ctx), updated_at: now },
  })
  const data = { origin: originOf(url), kinds }
  unit.record({ kind: 'webhook.created', project_id, subject_id: id, data })
  const row = await findWebhook(unit.tx, id)
  if (!row) throw new Error('a webhook that was just made is not there')
  return { webhook: viewWebhook(row), secret }
}

export function givenSecret(secret: string | undefined): string | undefined {
  if (secret !== undefined && !isSigningSecret(secret))
    throw invalidField('secret', 'invalid', 'is no `whsec_` with 24 to 64 bytes in base64')
  return secret
}
