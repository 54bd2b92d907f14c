import { DomainError } from '#domain/errors.ts'
import { isPassing } from '#domain/passing-error.ts'
import {
  findCodeSettings,
  listNextCuts,
  lockCodeSettings,
  setCutTime,
  type NamedCodeSettings,
} from '#store/code-settings.ts'
import { listNewestCuts } from '#store/candidate.ts'
import { transact, type Context, type Unit } from '../context.ts'
import { cutIn } from './cut-in.ts'
import { findCommitToCut, type CommitToCut } from './find-commit-to-cut.ts'
import { keepCommit } from './keep-commit.ts'
import { whatIsNew, type News } from './what-is-new.ts'

/** How many projects may wait for their next cut and still be woken together. */
const most = 1000

/** Wakes what is due to be cut. Answers when the next one is, if any. For Headgate itself. */
export async function wakeDueCuts(ctx: Context): Promise<Date | undefined> {
  const next = await listNextCuts(ctx.db, most)
  const now = ctx.now()
  const due = next.filter(({ at }) => at <= now)
  if (due.length > 0)
    await transact(ctx, async (unit) => {
      for (const { project_id } of due) unit.wake({ name: 'cut', data: { project_id } })
    })
  const ahead = next.flatMap(({ at }) => (at > now ? [at.getTime()] : []))
  return ahead.length > 0 ? new Date(Math.min(...ahead)) : undefined
}

/**
 * Cuts a project whose time has come, from the head of its branch: once, however many processes try, and once for all
 * the times that passed while nobody worked. Where nothing has changed it is skipped, which is an event; a repository
 * that cannot be reached is tried again and then said. For Headgate itself.
 */
export async function cutByClock(ctx: Context, project_id: string): Promise<void> {
  const due = await findCodeSettings(ctx.db, project_id)
  if (!due?.next_cut_at || !due.cut_cron || due.next_cut_at > ctx.now()) return
  if (due.cut_again_at && due.cut_again_at > ctx.now()) return
  let found: CommitToCut
  let news: News
  try {
    found = await findCommitToCut(ctx, project_id, {})
    news = await whatIsNew(ctx, project_id, found.commit_sha)
  } catch (error) {
    return tryLater(ctx, due, error)
  }
  try {
    const id = await atItsTime(ctx, due, (unit) => cutOrSkip(ctx, unit, due, found, news))
    if (id !== undefined) await keepCommit(ctx, { ...found, id, project_id })
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await atItsTime(ctx, due, async (unit) => sayFailed(unit, due, error))
  }
}

/** Answers the candidate's id, where there is one. */
async function cutOrSkip(
  ctx: Context,
  unit: Unit,
  { project_id }: NamedCodeSettings,
  found: CommitToCut,
  news: News,
): Promise<string | undefined> {
  // Somebody may have cut it by hand while we looked.
  const cuts = await listNewestCuts(unit.tx, project_id, most)
  const there = cuts.find(({ commit_sha }) => commit_sha === found.commit_sha)
  const since = there?.version ?? news.since
  if (!there && news.changed) {
    const cut = { naming: {}, found, build: true, cause: 'schedule' } as const
    return (await cutIn(ctx, unit, project_id, cut)).id
  }
  unit.record({
    kind: 'cut.skipped',
    project_id,
    reason: `Nothing that the project releases has changed since ${since}.`,
    data: { branch: found.branch, commit: found.commit_sha, since },
  })
  return undefined
}

/** Goes on to the next time in the transaction that does what this one is for, unless somebody else has done so. */
function atItsTime<T>(
  ctx: Context,
  { project_id, next_cut_at: due_at }: NamedCodeSettings,
  act: (unit: Unit) => Promise<T>,
): Promise<T | undefined> {
  return transact(ctx, async (unit) => {
    const held = await lockCodeSettings(unit.tx, project_id)
    if (held?.next_cut_at?.getTime() !== due_at?.getTime() || !held?.cut_cron) return undefined
    const { nextCut } = await import('#domain/cut-time.ts')
    const next_cut_at = nextCut(held.cut_cron, held.time_zone, ctx.now())
    await setCutTime(unit.tx, project_id, { next_cut_at, cut_tries: 0, cut_again_at: null })
    return act(unit)
  })
}

/** After these many minutes each, and then no more: an hour and a bit. */
const delays = [1, 2, 5, 10, 20, 30]

/** What may pass is waited for; what does not is said at once. */
async function tryLater(ctx: Context, due: NamedCodeSettings, error: unknown): Promise<void> {
  // The store's own troubles are the job's to get over.
  if (isPassing(error)) throw error
  // What cannot be cut because of what was asked stays so; anything else, be it a lost key, somebody may mend.
  const lasting = error instanceof DomainError && error.code !== 'repository_unreachable'
  const delay = lasting ? undefined : delays[due.cut_tries]
  if (delay === undefined) return atItsTime(ctx, due, async (unit) => sayFailed(unit, due, error))
  await transact(ctx, async ({ tx, wake }) => {
    const { project_id, next_cut_at, cut_tries } = due
    const held = await lockCodeSettings(tx, project_id)
    if (held?.next_cut_at?.getTime() !== next_cut_at?.getTime() || held?.cut_tries !== cut_tries) return
    const cut_again_at = new Date(ctx.now().getTime() + delay * 60_000)
    await setCutTime(tx, project_id, { next_cut_at, cut_tries: cut_tries + 1, cut_again_at })
    wake({ name: 'cut', data: { project_id }, after: cut_again_at })
  })
}

function sayFailed(
  unit: Unit,
  { project_id, next_cut_at, cut_tries }: NamedCodeSettings,
  error: unknown,
): void {
  const reason = sayingOf(error)
  const data = { due_at: next_cut_at?.toISOString() ?? null, tries: cut_tries + 1 }
  unit.record({ kind: 'cut.failed', project_id, reason, data })
}

function sayingOf(error: unknown): string {
  if (!(error instanceof DomainError)) return error instanceof Error ? error.message : String(error)
  const { details } = error as { details: { detail?: string; faults?: { field: string; detail: string }[] } }
  const said = details.detail ?? details.faults?.map(({ field, detail }) => `${field} ${detail}`).join('; ')
  return said ?? error.message
}
