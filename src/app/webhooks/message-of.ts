import { showId, type Noun } from '#domain/ids.ts'
import { coalesced, finishedKinds } from '#domain/webhook.ts'
import type { ToldDeployment, ToldEvent } from '#store/webhook-told.ts'
import type { ClaimedDelivery } from '#store/webhook-write.ts'
import type { ToldChanges } from './told-changes.ts'

const shown = (noun: Noun, id: string | null) => (id === null ? null : showId(noun, id))
const named = (noun: Noun, id: string | null, name: Record<string, string | null>) =>
  id === null ? null : { id: showId(noun, id), ...name }

export interface Told {
  delivery: Pick<ClaimedDelivery, 'webhook_id' | 'type' | 'created_at'>
  /** None: a ping, or an event that is kept no more. */
  event: ToldEvent | undefined
  /** That the event is about; told of where it is its end. */
  deployment: ToldDeployment | undefined
  /** What it changed. */
  changes: ToldChanges | undefined
  /** Where others reach this server. */
  url: string
}

/** The body of a message, as Standard Webhooks have it: type, timestamp, data. */
export function messageOf({ delivery, event, deployment, changes, url }: Told): string {
  const { type, created_at, webhook_id } = delivery
  const timestamp = (event?.at ?? created_at).toISOString()
  if (!event) return JSON.stringify({ type, timestamp, data: { webhook_id: showId('webhook', webhook_id) } })
  const { actor } = event
  const data = {
    ...{ id: showId('event', event.id), kind: event.kind },
    project: named('project', event.project_id, { key: event.project_key }),
    environment: named('environment', event.environment_id, { name: event.environment_name }),
    subject_id: event.subject_id,
    actor: { ...actor, user_id: shown('user', actor.user_id), token_id: shown('token', actor.token_id) },
    ...{ reason: event.reason, data: event.data },
    ...(deployment && tellsAnEnd(type, event) && { deployment: summaryOf(deployment, changes, url) }),
  }
  return JSON.stringify({ type, timestamp, data })
}

/** Whether a message about this event tells how its deployment ended. */
export const tellsAnEnd = (type: string, { kind }: Pick<ToldEvent, 'kind'>) =>
  type === coalesced || finishedKinds.includes(kind)

function summaryOf(row: ToldDeployment, changes: ToldChanges | undefined, url: string) {
  const { state, dry_run, reason, counts, failure_code, failure_detail } = row
  const self = `${url}/headgate/v1/deployments/${showId('deployment', row.id)}`
  return {
    ...{ id: showId('deployment', row.id), state, dry_run, reason, counts },
    rolls_back: shown('deployment', row.rolls_back),
    release: { id: showId('release', row.release_id), name: row.release_name },
    revision: { number: row.revision_number, digest: row.digest },
    failure: failure_code === null ? null : { code: failure_code, detail: failure_detail },
    requested_at: row.requested_at.toISOString(),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    ...(changes && { changes: changesOf(changes) }),
    links: { self, items: `${self}/items`, plan: `${self}/plan` },
  }
}

function changesOf({ counts, items, surrogate_keys }: ToldChanges) {
  const first = items.map(({ item_key, ...rest }) => ({ key: item_key, ...rest }))
  return { counts, first, surrogate_keys }
}
