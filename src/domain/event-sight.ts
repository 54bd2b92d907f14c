import type { EventKind, NewEvent } from './events.ts'
import { may, type Principal } from './principal.ts'
import type { Action } from './roles.ts'

/** What somebody may see. */
export interface EventSight {
  /** Null: of every project, and of none. */
  project_ids: string[] | null
  /** Only what happened in one of these; null: in any, and in none. */
  environment_ids: string[] | null
  /** Only what says that it is of one of these. */
  branches: string[] | null
}

/** Which of them are asked for. */
export interface WantedEvents extends EventSight {
  environment_id?: string
  subject_id?: string
  kinds?: readonly EventKind[]
}

/** What a principal may see by `event.read`; undefined: nothing at all. */
export const eventSight = (principal: Principal | null): EventSight | undefined =>
  sightOf(principal, 'event.read')

/** Where a principal may do that; undefined: nowhere. Null is Headgate itself, which may everywhere. */
export function sightOf(principal: Principal | null, action: Action): EventSight | undefined {
  if (!principal) return { project_ids: null, environment_ids: null, branches: null }
  const { environment_ids, branches } = principal
  if (may(principal, action, {})) return { project_ids: null, environment_ids, branches }
  const named = [principal.project_id, ...principal.grants.map(({ project_id }) => project_id)]
  const project_ids = [...new Set(named)].filter((project_id) => project_id !== null)
  const seen = project_ids.filter((project_id) => may(principal, action, { project_id }))
  return seen.length > 0 ? { project_ids: seen, environment_ids, branches } : undefined
}

type Told = Pick<NewEvent, 'kind' | 'project_id' | 'environment_id' | 'subject_id' | 'data'>

/** Whether an event is among them. The same is said in SQL by the store. */
export function isWanted(wanted: WantedEvents, event: Told): boolean {
  const { project_ids, environment_ids, branches, environment_id, subject_id, kinds } = wanted
  const isOne = (of: readonly string[] | null, id: unknown) =>
    of === null || (typeof id === 'string' && of.includes(id))
  return (
    isOne(project_ids, event.project_id) &&
    isOne(environment_ids, event.environment_id) &&
    isOne(branches, event.data?.branch) &&
    (environment_id === undefined || event.environment_id === environment_id) &&
    (subject_id === undefined || event.subject_id === subject_id) &&
    (kinds === undefined || kinds.includes(event.kind))
  )
}
