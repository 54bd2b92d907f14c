import { states } from '#domain/lifecycle.ts'
import { readHouseFigures, readSealLag } from '#store/house-figures.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

/** A figure of the house: one value for each set of labels. */
export interface Figure {
  name: string
  help: string
  labels?: readonly string[]
  values: { labels?: Record<string, string>; value: number }[]
}

/** How old they may be: however many scrape, the store is asked this often. */
const freshMs = 10_000

const kept = new WeakMap<Context['db'], { until: number; figures: Promise<Figure[]> }>()

/** What there is to do, and whether it is being done. Read from the store: every process says the same. */
export async function readFigures(ctx: Context): Promise<Figure[]> {
  authorize(ctx, 'event.read')
  const now = ctx.now()
  const known = kept.get(ctx.db)
  if (known && known.until > now.getTime() && known.until <= now.getTime() + freshMs) return known.figures
  const figures = read(ctx, now)
  kept.set(ctx.db, { until: now.getTime() + freshMs, figures })
  figures.catch(() => kept.delete(ctx.db))
  return figures
}

async function read({ db }: Context, now: Date): Promise<Figure[]> {
  const [house, seals] = await Promise.all([readHouseFigures(db, now), readSealLag(db)])
  const age = (since: Date | null) => (since ? Math.max(0, (now.getTime() - since.getTime()) / 1000) : 0)
  const one = (name: string, help: string, value: number): Figure => ({
    name: `headgate_${name}`,
    help,
    values: [{ value }],
  })
  const kinds = [...new Set(house.deployments.map(({ kind }) => kind))]
  const counts = new Map(house.deployments.map(({ kind, state, count }) => [`${kind} ${state}`, count]))
  return [
    {
      name: 'headgate_deployments',
      help: 'Deployments that there are, by state and kind of project',
      labels: ['kind', 'state'],
      // A state without any is a zero, not a gap.
      values: kinds.flatMap((kind) =>
        states.map((state) => ({ labels: { kind, state }, value: counts.get(`${kind} ${state}`) ?? 0 })),
      ),
    },
    one('queue_deployments', 'Deployments that wait for a worker or their environment', house.queued),
    one('queue_oldest_seconds', 'How long the first of them has waited', age(house.oldest_queued)),
    one(
      'running_deployments',
      'Deployments that are planned, awaiting approval, applied or canceled now',
      house.running,
    ),
    one('due_deployments', 'Deployments whose time has come and that are not queued yet', house.due),
    one('due_oldest_seconds', 'How long the first of them has been due', age(house.oldest_due)),
    one('undelivered_webhook_messages', 'Messages that no receiver has taken yet', house.undelivered),
    one(
      'undelivered_oldest_seconds',
      'How long ago the first of them was made',
      age(house.oldest_undelivered),
    ),
    one('failing_webhooks', 'Webhooks whose receiver takes nothing at the moment', house.failing_webhooks),
    one('sealed_events', 'Position of the last seal in the chain of events', seals.sealed),
    one('unsealed_events', 'Events behind the last seal', seals.count),
    one('unsealed_oldest_seconds', 'How long the first of them has been without a seal', age(seals.since)),
  ]
}
