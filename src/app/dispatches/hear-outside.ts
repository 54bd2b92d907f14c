import { DomainError } from '#domain/errors.ts'
import { sameSecret } from '#ground/secrets.ts'
import { verifyStampedSignature } from '#ground/signatures.ts'
import type { JsonObject } from '#store/columns.ts'
import { findDispatchById } from '#store/dispatch.ts'
import { listDeclaredSettings } from '#store/executor-settings.ts'
import { asPrincipal, type Context, type House } from '../context.ts'
import { openSettings } from './executor-settings.ts'
import { nudgeDispatch } from './nudge-dispatch.ts'
import { findWork } from './work.ts'

export interface Heard {
  executor: string
  /** What it is about, as we told the outside when we sent it. Null: nothing of ours. */
  dispatch_id: string | null
  /** Whether there is something to look at. */
  telling: boolean
  /** Where in the executor's settings the secret stands that the outside knows. */
  secret_key: string
  /** By which it shows that it knows the secret: itself, or a signature over time and body. Null: by nothing. */
  proof: { token: string } | { body: Uint8Array; timestamp: string; signature: string } | null
}

/** Enough for an installation; who has more tries out one way to us as well as another. */
const mostDeclared = 500

/**
 * The outside said that something happened to what it was given. It is trusted by the settings with which it was given
 * that, and then looked at: nothing it said is believed. What is about nothing of ours is left alone, and still has to come
 * from somebody whom some settings trust. Throws `unauthenticated`.
 */
export async function hearOutside(house: House, heard: Heard): Promise<void> {
  const ctx = asPrincipal(house, null)
  const { dispatch_id, executor } = heard
  const dispatch = dispatch_id === null ? undefined : await findDispatchById(ctx.db, dispatch_id)
  if (dispatch?.executor !== executor) return trustAny(ctx, heard)
  const { deployment_id, run_id, settings } = dispatch
  const work = await findWork(ctx.db, run_id === null ? { deployment_id: deployment_id! } : { run_id })
  if (!work || !trusts(ctx, heard, work.environment?.id ?? work.project.id, settings)) throw unknown()
  if (heard.telling) await nudgeDispatch(house, { dispatch_id: dispatch.id })
}

async function trustAny(ctx: Context, heard: Heard): Promise<void> {
  const declared = await listDeclaredSettings(ctx.db, heard.executor, mostDeclared)
  const trusted = declared.filter(({ owner_id, settings }) => trusts(ctx, heard, owner_id, settings))
  if (trusted.length === 0) throw unknown()
}

function trusts(ctx: Context, { secret_key, proof }: Heard, ownerId: string, settings: JsonObject): boolean {
  const secret = secretOf(ctx, secret_key, ownerId, settings)
  if (typeof secret !== 'string' || secret === '' || !proof) return false
  return 'token' in proof ? sameSecret(proof.token, secret) : verifyStampedSignature(secret, proof, ctx.now())
}

/** Undefined also where it cannot be opened any more: whoever comes then is as good as a stranger. */
function secretOf(ctx: Context, key: string, ownerId: string, { [key]: sealed }: JsonObject): unknown {
  try {
    return sealed === undefined ? undefined : openSettings(ctx.vault, ownerId, { secret: sealed }).secret
  } catch {
    return undefined
  }
}

const unknown = () => new DomainError('unauthenticated', { credential: 'token' })
