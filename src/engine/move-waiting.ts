import type { Context } from '#app/context.ts'
import { admitDeployments } from '#app/deployments/admit-deployments.ts'
import { letGoOfHolds } from '#app/holds/let-go-holds.ts'
import { revisitAwaiting, wakeHeldUp, type Revisited } from '#app/deployments/revisit-waiting.ts'

/**
 * Looks through everything that waits for its time, a gate or an approval, page by page, and moves on what may.
 * Answers when gates that were shut open by themselves.
 */
export async function moveWaiting(ctx: Context): Promise<Date[]> {
  const opening: (Date | undefined)[] = []
  let page = await admitDeployments(ctx)
  opening.push(page.opens_at)
  while (page.next) {
    page = await admitDeployments(ctx, page.next)
    opening.push(page.opens_at)
  }
  for (const revisit of [revisitAwaiting, wakeHeldUp]) {
    let seen: Revisited = await revisit(ctx)
    opening.push(seen.opens_at)
    while (seen.next !== undefined) {
      seen = await revisit(ctx, seen.next)
      opening.push(seen.opens_at)
    }
  }
  // After what expires: a rollback that waited in vain holds nothing.
  await letGoOfHolds(ctx)
  return opening.flatMap((at) => at ?? [])
}
