import { DomainError } from '#domain/errors.ts'
import { may } from '#domain/principal.ts'
import { followRun } from '#domain/run-lifecycle.ts'
import { lockRun, moveRun, type RunRow } from '#store/run.ts'
import { authorizeNamed } from '../authorize.ts'
import { requireVersion } from '../require-version.ts'
import { transact, type Context } from '../context.ts'
import { settleRunIn } from './settle-run.ts'
import { placeOfRun, requireRun, viewRun, type RunView } from './run-view.ts'

/**
 * Cancels at once what has not started; what runs is asked to stop, and may be too far. One's own is a releaser's to
 * cancel, any other an approver's. Throws `not_found`, `version_conflict`, `not_possible_now`.
 */
export async function cancelRun(
  ctx: Context,
  { run_id, reason, version }: { run_id: string; reason?: string | undefined; version?: number | undefined },
): Promise<RunView> {
  const run = await requireRun(ctx.db, run_id)
  authorizeCancel(ctx, run)
  const { project_id, environment_id } = run
  await transact(ctx, async (unit) => {
    const held = (await lockRun(unit.tx, run_id)) ?? run
    requireVersion('run', held, version)
    const { state } = held
    const to = followRun(state, 'cancel')
    if (!to || !(await moveRun(unit.tx, { id: run_id, from: state, to, at: ctx.now() })))
      throw new DomainError('not_possible_now', { what: 'run', id: run_id, state, action: 'cancel' })
    const kind = to === 'canceled' ? 'run.canceled' : 'run.cancel_requested'
    unit.record({ kind, project_id, environment_id, subject_id: run_id, reason: reason ?? null })
    if (to === 'canceled') {
      const { kind: what, candidate_id } = held
      await settleRunIn(ctx, unit, {
        id: run_id,
        kind: what,
        candidate_id,
        failure: reason ?? 'It was canceled.',
      })
    }
    // What waits for the outside is in nobody's hands.
    if (to === 'canceling') unit.wake({ name: 'run-executor', data: { run_id } })
  })
  return viewRun(await requireRun(ctx.db, run_id))
}

function authorizeCancel(ctx: Context, run: RunRow): void {
  const { principal } = ctx
  const target = placeOfRun(run)
  if (principal === null || may(principal, 'run.cancel_any', target)) return
  const own =
    (run.requested_by !== null && run.requested_by === principal.user_id) ||
    (run.requested_by_token !== null && run.requested_by_token === principal.token_id)
  authorizeNamed(ctx, own ? 'run.cancel_own' : 'run.cancel_any', target, { what: 'run', id: run.id })
}
