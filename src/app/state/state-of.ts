import { findInfraState } from '#store/infra-state.ts'
import type { House } from '../context.ts'

/** Which state an environment has. Version 0 and nulls where there never was one. */
export interface StateMark {
  version: number
  serial: number | null
  lineage: string | null
  /** The blob of a state that a release could not post, and that is missing here. */
  unposted: string | null
}

/** For Headgate itself. */
export async function stateOf({ db }: Pick<House, 'db'>, environment_id: string): Promise<StateMark> {
  const row = await findInfraState(db, environment_id)
  const { version = 0, serial = null, lineage = null, unposted_blob: unposted = null } = row ?? {}
  return { version, serial, lineage, unposted }
}
