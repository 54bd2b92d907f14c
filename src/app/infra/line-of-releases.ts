import type { Db } from '#store/database.ts'
import type { EnvironmentRow } from '#store/environment.ts'
import { findReleaseByName, type HeldRelease, type ReleaseRow } from '#store/release.ts'
import type { Context, Unit } from '../context.ts'
import { holdEnvironment } from '../environments/hold-environment.ts'
import { createReleaseIn } from '../releases/create-release.ts'
import { holdRelease } from '../releases/release-view.ts'

type Place = Pick<EnvironmentRow, 'id' | 'project_id' | 'name'>

/** The line of releases of an environment of infrastructure: the release of its name. Undefined where there is none yet. */
export function findLine(db: Db, { project_id, name }: Place): Promise<ReleaseRow | undefined> {
  return findReleaseByName(db, project_id, name)
}

/** Made where there is none, and held until the transaction ends. */
export async function holdLine(ctx: Context, unit: Unit, environment: Place): Promise<HeldRelease> {
  const { project_id, id, name } = environment
  const known = await findLine(unit.tx, environment)
  if (known) return holdRelease(unit.tx, project_id, known.id)
  // Whoever asks for the first one at the same moment waits here.
  await holdEnvironment(unit.tx, { project_id, environment_id: id })
  const meanwhile = await findLine(unit.tx, environment)
  if (meanwhile) return holdRelease(unit.tx, project_id, meanwhile.id)
  const made = await createReleaseIn(ctx, unit, { project_id, branch: null, name })
  return holdRelease(unit.tx, project_id, made.id)
}
