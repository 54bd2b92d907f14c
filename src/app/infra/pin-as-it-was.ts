import type { PinnedItem } from '#domain/item.ts'
import { snapshotDigest } from '#domain/revision.ts'
import { ensureSnapshot, type InfraSnapshotRow } from '#store/infra-snapshot.ts'
import type { HeldRelease } from '#store/release.ts'
import { authorIn, type Context, type Unit } from '../context.ts'
import type { PlacedRevision } from '../deployments/place-deployments.ts'

type Origin = Pick<InfraSnapshotRow, 'blueprint_digest' | 'modules_digest' | 'hook'>

const nowhere: Origin = { blueprint_digest: '', modules_digest: '', hook: null }

/** A revision of a line of releases that brings back items as they were; `origin` is where those came from. */
export async function pinAsItWas(
  ctx: Context,
  { tx }: Unit,
  line: HeldRelease,
  items: readonly PinnedItem[],
  origin: Origin = nowhere,
): Promise<PlacedRevision> {
  const { project_id, id: release_id } = line
  const { blueprint_digest, modules_digest, hook } = origin
  const said = { blueprint_digest, modules_digest, findings: [] }
  const digest = snapshotDigest(said, items)
  const made = await ensureSnapshot(tx, {
    ...{ id: ctx.newId(), project_id, release_id, digest, items, ...said, hook },
    ...{ created_by: authorIn(ctx), created_at: ctx.now() },
  })
  return { id: made.id, digest, selected_keys: null }
}

/** The revision of an environment in which there is nothing. */
export function pinNothing(ctx: Context, unit: Unit, line: HeldRelease): Promise<PlacedRevision> {
  return pinAsItWas(ctx, unit, line, [])
}
