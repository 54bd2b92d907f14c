import { findInfraState } from '#store/infra-state.ts'
import type { House } from '../context.ts'

/** Which state an environment has. Version 0 and nulls where there never was one. */
export interface StateMark {
  version: number
  serial: number | null
  lineage: string | null
}

/** For Headgate itself. */
export async function stateOf({ db }: Pick<House, 'db'>, environment_id: string): Promise<StateMark> {
  const row = await findInfraState(db, environment_id)
  return { version: row?.version ?? 0, serial: row?.serial ?? null, lineage: row?.lineage ?? null }
}
