import { pinItems as pinContent, latestPins as latestContent } from '#catalogue/content/pin-items.ts'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { Db } from '#store/database.ts'

/** An item as a caller asks for it. */
export interface ItemRequest {
  key: string
  /** Checked when given. */
  kind?: string
  /** The latest when left out. */
  version?: number | null
  action: 'publish' | 'unpublish'
  title?: string
}

interface Place {
  project_id: string
  branch: string | null
}

/** Finds what is asked for in the project's catalogue. Throws `invalid` with every fault. */
export async function pinItems(
  db: Db,
  { project_id, branch }: Place,
  items: readonly ItemRequest[],
): Promise<PinnedItem[]> {
  const { pinned, faults } = await tryPinItems(db, { project_id, branch }, items)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  return pinned
}

/** As pinItems, for who goes on with what there is: each fault is at `items.<n>.<field>`. */
export function tryPinItems(
  db: Db,
  { project_id, branch }: Place,
  items: readonly ItemRequest[],
): Promise<{ pinned: PinnedItem[]; faults: FieldFault[] }> {
  return pinContent(db, { project_id, branch: branch ?? 'main', items })
}

/** The items at their latest versions; what cannot move stays as it is. */
export function latestPins(
  db: Db,
  { project_id, branch }: Place,
  items: readonly PinnedItem[],
): Promise<PinnedItem[]> {
  return latestContent(db, { project_id, branch: branch ?? 'main', items })
}
