import type { ChangeGroup as Group } from '#catalogue/code/changelog/conventional.ts'
import { candidateStates, type CandidateState } from '#domain/candidate-lifecycle.ts'
import { gateCodes } from '#domain/gates.ts'
import { states } from '#domain/lifecycle.ts'
import { reportedStatusNames } from '#domain/reported-status.ts'
import { builder } from './builder.ts'

/** An enum whose values are our words in capitals. */
function words<const W extends string>(name: string, description: string, all: readonly W[]) {
  const values = Object.fromEntries(all.map((word) => [word.toUpperCase(), { value: word }]))
  return builder.enumType(name, { description, values: values as { [K in Uppercase<W>]: { value: W } } })
}

export const DeploymentStatus = words(
  'DeploymentStatus',
  'What the clients of a release desk know of a deployment.',
  reportedStatusNames,
)

export const DeploymentState = words('DeploymentState', 'Where a deployment is in its life.', states)

export const CandidateStateEnum = words(
  'ReleaseCandidateState',
  'Where a candidate is in its life. Only READY ones are deployed.',
  candidateStates,
)

/** The same eight words, for a build. */
export const BuildStatus = words('BuildStatus', 'How a build went.', reportedStatusNames)

/** The vendor's word for the build of a candidate in a state; what is picked still has none to build. */
export const buildWords: Record<CandidateState, (typeof reportedStatusNames)[number]> = {
  picking: 'pending',
  conflicted: 'pending',
  pick_failed: 'error',
  dropped: 'canceled',
  building: 'in_progress',
  build_failed: 'failure',
  ready: 'success',
}

export const EnvironmentTier = words('EnvironmentTier', 'What an environment is for.', [
  'production',
  'staging',
  'development',
])

export const VersionScheme = words('VersionScheme', 'How versions are given.', ['calver', 'semver'])

export const CherryPickStatus = words('CherryPickStatus', 'How a cherry-pick went.', [
  'in_progress',
  'success',
  'conflict',
  'skipped',
])

export const WorkflowProvider = words('WorkflowProvider', 'What builds or deploys.', [
  'not_configured',
  'github_action',
  'buildkite',
  'webhook',
  'command',
])

const providers: Record<string, 'github_action' | 'buildkite' | 'webhook' | 'command'> = {
  'github-actions': 'github_action',
  buildkite: 'buildkite',
  webhook: 'webhook',
  command: 'command',
}

export function providerOf(executor: string) {
  return providers[executor] ?? 'not_configured'
}

export const GateCode = words('GateCode', 'What can keep a deployment.', gateCodes)

/** Every group of the catalogue: one that is missing does not compile. */
const groups: Record<Group, true> = {
  breaking: true,
  features: true,
  fixes: true,
  performance: true,
  reverts: true,
  refactoring: true,
  documentation: true,
  tests: true,
  build: true,
  chores: true,
  other: true,
}

export const ChangeGroup = words(
  'ChangeGroup',
  'What kind of change a commit is.',
  Object.keys(groups) as Group[],
)

export const ChangelogBaseKind = words('ChangelogBaseKind', 'Why a changelog begins where it does.', [
  'asked',
  'live',
  'previous_release',
  'newest_cut',
  'tag',
  'first_commit',
])

export const CommitPresence = words(
  'CommitPresence',
  'How something has a commit: as itself, by a pick of ours, by what a message says, or as the same patch.',
  ['commit', 'pick', 'trailer', 'patch'],
)

export const PickPresence = words(
  'CherryPickPresence',
  'How a candidate has a commit already: in its history, by a pick of ours, by what a message says, or as the same patch.',
  ['ancestor', 'pick', 'trailer', 'patch'],
)

/** The vendor's word for each outcome of a pick. */
export const pickWords = {
  wanted: 'in_progress',
  picked: 'success',
  conflicted: 'conflict',
  included: 'skipped',
} as const
