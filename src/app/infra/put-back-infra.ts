import { DomainError } from '#domain/errors.ts'
import type { LiveItem, PinnedItem } from '#domain/item.ts'
import { chooseRollback, chooseWholeStateRollback, type RollbackConflict } from '#domain/rollback.ts'
import type { Db } from '#store/database.ts'
import { listDeploymentItems, listDoneItems } from '#store/deployment-item.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { findInfraSnapshot } from '#store/infra-snapshot.ts'
import { listLiveForRevision } from '#store/live.ts'
import { authorize } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import type { DeploymentView } from '../deployments/deployment-view.ts'
import type { DeploymentTerms } from '../deployments/request-deployments.ts'
import { holdLine } from './line-of-releases.ts'
import { pinAsItWas } from './pin-as-it-was.ts'
import { placeInfra } from './request-infra-deployment.ts'

/**
 * Puts a deployment of infrastructure back. Of a whole release: all that was live before it, from the contents that those
 * items still have. Of some resources: those as they were, in what is live now; one that something else changed since is
 * a conflict, listed and left. The caller authorises the rollback itself. Throws `nothing_to_roll_back`, `blocked`.
 */
export function putBackInfra(
  ctx: Context,
  target: NamedDeployment,
  terms: DeploymentTerms,
): Promise<{ deployment: DeploymentView; conflicts: RollbackConflict[] }> {
  const { id, project_id, environment_id, environment_name: name } = target
  if (terms.allow_destroy) authorize(ctx, 'deployment.allow_destroy', { project_id, environment_id })
  return transact(ctx, async (unit) => {
    const line = await holdLine(ctx, unit, { id: environment_id, project_id, name })
    const back = await whatWasThere(unit.tx, target)
    if (back.selected_keys?.length === 0)
      throw new DomainError('nothing_to_roll_back', { deployment_id: id, conflicts: back.conflicts })
    const origin = back.from === null ? undefined : await findInfraSnapshot(unit.tx, back.from)
    const pinned = await pinAsItWas(ctx, unit, line, back.items, origin)
    const revision = { ...pinned, selected_keys: back.selected_keys }
    const place = { project_id, environment_id, line, revision, findings: [] }
    const deployment = await placeInfra(ctx, unit, place, { ...terms, rolls_back: id })
    return { deployment, conflicts: back.conflicts }
  })
}

interface Back {
  items: PinnedItem[]
  selected_keys: string[] | null
  conflicts: RollbackConflict[]
  /** The revision that it is, if it is one. */
  from: string | null
}

async function whatWasThere(db: Db, target: NamedDeployment): Promise<Back> {
  const { id, environment_id, revision_id, selected_keys, from_revision_id: from } = target
  if (selected_keys === null) {
    const found = (await listDeploymentItems(db, id)).map(({ item_key: key, ...item }) => ({ key, ...item }))
    return { items: chooseWholeStateRollback(found), selected_keys: null, conflicts: [], from }
  }
  const live = await listLiveForRevision(db, environment_id, revision_id, 'whole_state')
  const { items, conflicts } = chooseRollback(await listDoneItems(db, id), live)
  const keys = items.map(({ key }) => key)
  return { items: overlaid(live, items), selected_keys: keys, conflicts, from: null }
}

/** What is live, with some of it otherwise; what is at no version is not there. */
export function overlaid(live: readonly LiveItem[], others: readonly PinnedItem[]): PinnedItem[] {
  const otherwise = new Set(others.map(({ key }) => key))
  const kept = live
    .filter(({ key }) => !otherwise.has(key))
    .map(({ key, kind, title, version }): PinnedItem => ({ key, kind, title, action: 'set', version }))
  return [...kept, ...others].filter(({ version }) => version !== null)
}
