/**
 * A job in hand. pg-boss settles and touches by a job's id alone, and a job that was given up for dead runs elsewhere
 * under the same id: so it is ours for a time only, and never again once that was missed.
 */
export interface Lease {
  id: string
  /** By the clock that never jumps, in milliseconds. Until then nobody else can have it. */
  ours_until: number
  /** Aborted with `lost` or `stopping`. */
  lost: AbortController
  ended: Promise<void>
  /** What it waits for is at work elsewhere, for long: it takes no place. */
  aside?: boolean
}

export function isOurs({ ours_until, lost }: Lease): boolean {
  return lost.signal.reason !== 'lost' && performance.now() < ours_until
}

/** Gives up those that are not ours any more and leaves a heartbeat for the others. */
export async function renewLeases(
  leases: Iterable<Lease>,
  leaseMs: number,
  touch: (ids: string[]) => Promise<unknown>,
): Promise<void> {
  const all = [...leases]
  for (const lease of all) if (!isOurs(lease)) lease.lost.abort('lost')
  const ours = all.filter(isOurs)
  if (ours.length === 0) return
  const until = performance.now() + leaseMs
  await touch(ours.map(({ id }) => id))
  // One whose time ran out while this was under way may have been somebody else's already.
  for (const lease of ours) if (isOurs(lease)) lease.ours_until = Math.max(lease.ours_until, until)
}
