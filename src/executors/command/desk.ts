import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { showId } from '#domain/ids.ts'
import type { Order, OrderCandidate, OrderVocabulary } from '#executors/contract.ts'
import { orderSaid } from '#executors/order-said.ts'
import type { CommandSettings } from './index.ts'

export interface Desk {
  /** All that the command finds in its environment. */
  environment: Record<string, string>
  /** Removes the folder with the plan. */
  clear(): Promise<void>
}

/** A folder that only we can read, with the plan in it, and the facts of the order as variables. */
export async function openDesk(
  order: Order,
  settings: CommandSettings,
  vocabulary: OrderVocabulary,
): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-command-'))
  const file = join(folder, 'plan.json')
  await writeFile(file, JSON.stringify({ kind: order.kind, ...orderSaid(order) }), { mode: 0o600 })
  return {
    environment: {
      ...ownVariables(),
      ...settings.environment,
      ...vocabulary.variables(order),
      ...factsOf(order),
      HEADGATE_PLAN_FILE: file,
    },
    clear: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** What a program cannot do without. Nothing else of ours is handed on. */
function ownVariables(): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin', HOME = '/', LANG = 'C.UTF-8' } = process.env
  return { PATH, HOME, LANG }
}

function factsOf(order: Order): Record<string, string> {
  const { kind, subject_id, project, environment, release, revision, attempt, candidate } = order
  return {
    ...(kind === 'deployment'
      ? { HEADGATE_DEPLOYMENT_ID: showId('deployment', subject_id) }
      : { HEADGATE_RUN_ID: showId('run', subject_id), HEADGATE_RUN_KIND: kind }),
    ...(kind === 'check' ? { HEADGATE_CHECK: '1' } : {}),
    HEADGATE_ATTEMPT: String(attempt),
    HEADGATE_PROJECT: project.key,
    ...(environment ? { HEADGATE_ENVIRONMENT: environment.name } : {}),
    ...(release
      ? { HEADGATE_RELEASE: release.name, HEADGATE_RELEASE_ID: showId('release', release.id) }
      : {}),
    ...(revision
      ? { HEADGATE_REVISION: String(revision.number), HEADGATE_REVISION_DIGEST: revision.digest }
      : {}),
    ...(candidate ? factsOfCandidate(candidate) : {}),
  }
}

function factsOfCandidate({ version, release_version, commit_sha, repository, previous }: OrderCandidate) {
  return {
    HEADGATE_CANDIDATE: version,
    HEADGATE_RELEASE: release_version,
    HEADGATE_REPOSITORY: repository,
    ...(commit_sha === null ? {} : { HEADGATE_COMMIT: commit_sha }),
    ...(previous ? { HEADGATE_PREVIOUS_COMMIT: previous.commit_sha } : {}),
    ...(previous?.version ? { HEADGATE_PREVIOUS_CANDIDATE: previous.version } : {}),
  }
}
