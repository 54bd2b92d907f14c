import { DomainError } from '#domain/errors.ts'
import { findDispatch } from '#store/dispatch.ts'
import type { Context, Unit } from '../context.ts'
import { takeReport, type Report } from './take-report.ts'
import { lockWork } from './work.ts'

/**
 * A report on a deployment that the engine drives is its executor's report, except for a command: that one is watched
 * by ourselves. Inside a caller's transaction; the caller authorises. Throws `not_found`, `invalid`, and
 * `not_possible_now` where nobody outside has it, or it has ended otherwise.
 */
export async function reportDispatchIn(
  ctx: Context,
  unit: Unit,
  { deployment_id, ...report }: Report & { deployment_id: string },
): Promise<void> {
  const work = await lockWork(unit.tx, { deployment_id })
  if (!work) throw new DomainError('not_found', { what: 'deployment', id: deployment_id })
  const dispatch = await findDispatch(unit.tx, { deployment_id }, true)
  if (!dispatch || dispatch.executor === 'command')
    throw new DomainError('not_possible_now', {
      what: 'deployment',
      id: deployment_id,
      state: work.state === 'over' ? 'over' : `in the hands of ${dispatch?.executor ?? 'the engine'}`,
      action: 'be reported on',
    })
  await takeReport(ctx, unit, { work, dispatch }, report)
}
