import { DomainError, invalidField } from '#domain/errors.ts'
import { isWebhookKind } from '#domain/webhook.ts'
import type { JsonObject } from '#store/columns.ts'
import { listContentBranches } from '#store/content-branch.ts'
import type { Db } from '#store/database.ts'
import { listEnvironments } from '#store/environment.ts'
import type { Context } from '../context.ts'
import { standardFormat } from './message-format.ts'

export interface WebhookFields {
  url: string
  /** Kinds of events, all of a noun (`release.*`), `deployment.finished`, or `*`. */
  kinds: readonly string[]
  description: string
  /** Null: what happens in any environment, and in none. */
  environment_ids: readonly string[] | null
  disabled: boolean
  /** Where the format of a surface sends to beside `url`. */
  other_urls: readonly string[]
  /** Null: what happens in any branch, and in none. */
  branches: readonly string[] | null
  /** Of a format that is not our own: what it has to know, without secrets. */
  settings: JsonObject
  /** manual: one attempt, and another only when somebody asks for it. */
  retries: 'automatic' | 'manual'
}

/** The fields that are said in the words of the webhook's format. */
export const formatWords = [
  'url',
  'kinds',
  'environment_ids',
  'other_urls',
  'branches',
  'settings',
  'retries',
] as const

const most = { url: 2000, kinds: 100, environments: 200, branches: 100 }

/** Throws `invalid`. That a URL may not be called can also turn out later, when its name is resolved. */
export function checkWebhookFields(
  ctx: Context,
  { url, kinds, environment_ids, other_urls = [] }: Partial<WebhookFields>,
  { format = standardFormat, declared = false }: { format?: string; declared?: boolean } = {},
): void {
  if (url !== undefined && !declared) refuseUrl(ctx, url, 'url')
  if (url !== undefined && declared && !isCallable(url))
    throw invalidField('url', 'invalid', 'is no http or https address without credentials')
  for (const [n, other] of other_urls.entries()) refuseUrl(ctx, other, `other_urls.${n}`)
  if (kinds !== undefined) {
    if (kinds.length === 0 && format === standardFormat)
      throw invalidField('kinds', 'required', 'names at least one kind of event')
    if (kinds.length > most.kinds) throw invalidField('kinds', 'too_many', `are at most ${most.kinds}`)
    const unknown = kinds.findIndex((kind) => !isWebhookKind(kind))
    if (unknown >= 0)
      throw invalidField(
        `kinds.${unknown}`,
        'unknown',
        'is no kind of event, no `noun.*`, and not `deployment.finished`',
      )
  }
  if (environment_ids && (environment_ids.length === 0 || environment_ids.length > most.environments))
    throw invalidField('environments', 'invalid', `are 1 to ${most.environments}`)
}

/** Of a URL that whoever runs the house wrote, which may be a private address. */
function isCallable(url: string): boolean {
  const { protocol, username, password } = URL.parse(url) ?? {}
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

function refuseUrl(ctx: Context, url: string, field: string): void {
  if (url.length > most.url) throw invalidField(field, 'too_long', `has at most ${most.url} characters`)
  const refusal = ctx.outbound.refusal(url)
  if (refusal) throw invalidField(field, 'invalid', `cannot be called: ${refusal}`)
}

/** Only environments of the webhook's project can be named. */
export async function checkEnvironments(
  db: Db,
  project_id: string | null,
  environment_ids: readonly string[] | null | undefined,
): Promise<void> {
  if (!environment_ids) return
  if (project_id === null)
    throw invalidField('project', 'required', 'is required where environments are named')
  const known = new Set((await listEnvironments(db, project_id)).map(({ id }) => id))
  const missing = environment_ids.find((id) => !known.has(id))
  if (missing !== undefined) throw new DomainError('not_found', { what: 'environment', id: missing })
}

/** Only branches of the webhook's project can be named. */
export async function checkBranches(
  db: Db,
  project_id: string | null,
  branches: readonly string[] | null | undefined,
): Promise<void> {
  if (!branches) return
  if (project_id === null) throw invalidField('project', 'required', 'is required where branches are named')
  if (branches.length === 0 || branches.length > most.branches)
    throw invalidField('branches', 'invalid', `are 1 to ${most.branches}`)
  const known = new Set((await listContentBranches(db, project_id)).map(({ uid }) => uid))
  const missing = branches.find((uid) => !known.has(uid))
  if (missing !== undefined) throw new DomainError('not_found', { what: 'branch', id: missing })
}
