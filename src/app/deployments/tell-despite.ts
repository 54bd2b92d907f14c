import { evaluateGates } from '#domain/gates.ts'
import { findDeployment } from '#store/deployment.ts'
import type { ReportableDeployment } from '#store/deployment-report-write.ts'
import type { Context, Unit } from '../context.ts'
import { loadGateFacts, subjectOf } from './gate-facts.ts'

/** A report is a fact that no gate stops; that some were shut is told. */
export async function tellDespite(
  ctx: Context,
  unit: Unit,
  { id, project_id, environment_id }: ReportableDeployment,
): Promise<void> {
  const row = await findDeployment(unit.tx, id)
  const [facts] = row ? await loadGateFacts(unit.tx, [subjectOf(row)], ctx.now()) : []
  const shut = facts ? evaluateGates(facts) : []
  if (shut.length === 0) return
  unit.record({
    kind: 'deployment.reported_despite',
    ...{ project_id, environment_id, subject_id: id },
    reason: shut.map(({ detail }) => detail).join(' '),
    data: { gates: shut.map(({ code }) => code) },
  })
}
