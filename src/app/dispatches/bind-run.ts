import { DomainError } from '#domain/errors.ts'
import { findCandidateByOrdinal } from '#store/candidate.ts'
import { findDeploymentByNumber } from '#store/deployment.ts'
import { findDispatch, updateDispatch, type Subject } from '#store/dispatch.ts'
import type { Action } from '#domain/roles.ts'
import type { Target } from '#domain/principal.ts'
import { authorizeNamed } from '../authorize.ts'
import { transact, type Context } from '../context.ts'
import { noteInLog } from '../logs/append-log.ts'
import { lockWork } from './work.ts'

export interface RunBinding {
  /** What the run does: builds the candidate, or deploys, by the number that others outside know it by. */
  of: { candidate: number } | { deployment: number }
  /** The executor whose runs are called so. */
  executor: string
  outside_id: string
}

/**
 * Takes down which run outside does what was handed out, from the run itself. Said again it changes nothing, and of
 * what nobody handed to this executor, or what is over, there is nothing to take down. Throws `not_found`, `forbidden`.
 */
export async function bindRun(ctx: Context, { of, executor, outside_id }: RunBinding): Promise<void> {
  const subject =
    'candidate' in of ? await buildOf(ctx, of.candidate) : await deploymentOf(ctx, of.deployment)
  if (!subject) return
  await transact(ctx, async (unit) => {
    if (!(await lockWork(unit.tx, subject))) return
    const dispatch = await findDispatch(unit.tx, subject, true)
    if (dispatch?.executor !== executor || dispatch.outside_id === outside_id) return
    if (!(await updateDispatch(unit.tx, dispatch, { outside_id }))) return
    await noteInLog(ctx, unit.tx, subject, `Run ${outside_id} says that it does this.`)
    unit.wake({ name: 'run-executor', data: subject })
  })
}

/** Undefined: nobody builds it. */
async function buildOf(ctx: Context, ordinal: number): Promise<Subject | undefined> {
  const row = await findCandidateByOrdinal(ctx.db, ordinal)
  const named = { what: 'candidate' as const, id: String(ordinal) }
  const { build_run_id } = permit(ctx, 'release.edit', row, named)
  return build_run_id === null ? undefined : { run_id: build_run_id }
}

async function deploymentOf(ctx: Context, number: number): Promise<Subject> {
  const row = await findDeploymentByNumber(ctx.db, number)
  const named = { what: 'deployment' as const, id: String(number) }
  return { deployment_id: permit(ctx, 'deployment.request', row, named).id }
}

function permit<R extends { project_id: string; environment_id?: string }>(
  ctx: Context,
  action: Action,
  row: R | undefined,
  named: { what: 'candidate' | 'deployment'; id: string },
): R {
  if (!row) throw new DomainError('not_found', named)
  const { project_id, environment_id } = row
  const place: Target = { project_id, ...(environment_id ? { environment_id } : {}) }
  authorizeNamed(ctx, action, place, named)
  return row
}
