import type { EnvironmentStanding } from '#app/infra/tell-standings.ts'
import type { DeploymentState } from '#domain/lifecycle.ts'
import { typeNote, type ClusterState } from '../words.ts'

const running: readonly (DeploymentState | null)[] = [
  'planning',
  'awaiting_approval',
  'applying',
  'canceling',
]
const broken: readonly (DeploymentState | null)[] = ['failed', 'partly_succeeded', 'canceled']

/** Whether it is there: by what is live in it, and by what was done to the whole of it last. */
export function clusterStateOf(standing: EnvironmentStanding | undefined): ClusterState {
  if (!standing) return 'UNKNOWN'
  const { live, last_state, last_deletes, last_annotations } = standing
  const destroys = last_deletes === true || last_annotations?.[typeNote] === 'DESTROY'
  if (destroys && running.includes(last_state)) return 'DESTROYING'
  if (destroys && broken.includes(last_state) && live) return 'DESTROY_FAILED'
  if (live) return 'RUNNING'
  if (!destroys && running.includes(last_state)) return 'LAUNCHING'
  if (!destroys && broken.includes(last_state)) return 'LAUNCH_FAILED'
  return 'STOPPED'
}
