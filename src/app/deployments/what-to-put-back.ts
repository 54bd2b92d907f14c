import { readContentKey } from '#domain/content-key.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { Scope } from '#domain/revision.ts'
import { chooseRollback, chooseWholeStateRollback, type RollbackConflict } from '#domain/rollback.ts'
import type { Db } from '#store/database.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { listDeploymentItems, listDoneItems } from '#store/deployment-item.ts'
import { listLiveForDeployment } from '#store/live.ts'
import { findRevisionScope } from '#store/revision.ts'

export interface PuttingBack {
  items: PinnedItem[]
  conflicts: RollbackConflict[]
  scope: Scope
  /** The branches of the catalogue that it reaches: an item of a release without a branch says so by its own key. */
  branches: Set<string>
}

/** What a rollback of a deployment would bring back, from what was recorded of it and what is live now. */
export async function whatToPutBack(db: Db, target: NamedDeployment): Promise<PuttingBack> {
  const { id, environment_id, release_branch, revision_id, selected_keys } = target
  const whole = selected_keys === null && (await findRevisionScope(db, revision_id)) === 'whole_state'
  const branches = new Set(release_branch === null ? [] : [release_branch])
  if (whole) {
    const found = (await listDeploymentItems(db, id)).map(({ item_key: key, ...item }) => ({ key, ...item }))
    return { items: chooseWholeStateRollback(found), conflicts: [], scope: 'whole_state', branches }
  }
  const done = await listDoneItems(db, id)
  const live = await listLiveForDeployment(db, environment_id, id)
  for (const { key, action } of done) {
    const branch = action === 'publish' || action === 'unpublish' ? readContentKey(key)?.branch : undefined
    if (branch !== undefined) branches.add(branch)
  }
  return { ...chooseRollback(done, live), scope: 'change_set', branches }
}
