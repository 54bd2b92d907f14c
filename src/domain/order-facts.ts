import type { OrderFacts } from './order-vocabulary.ts'

/** What can be told of a build or a deployment, by names of our own. */
export const factNames = [
  /** Full id. */
  'commit',
  /** `1.2.0-rc3`. */
  'version',
  /** `1.2.0`. */
  'release',
  /** `acme/shop`. */
  'repository',
  'project',
  'environment',
  /** Of the deployment or the run, as our own API shows it. */
  'id',
  /** What was live before. */
  'previous_commit',
  'previous_version',
] as const

export type FactName = (typeof factNames)[number]

/** Empty where there is none. */
export type Facts = Readonly<Record<FactName, string>>

export interface Told extends Pick<OrderFacts, 'candidate'> {
  project: { key: string }
  environment: { name: string } | null
  release: { name: string } | null
}

/** `id` as it is shown. */
export function factsOf({ candidate, project, environment, release }: Told, id: string): Facts {
  return {
    commit: candidate?.commit_sha ?? '',
    version: candidate?.version ?? '',
    release: candidate?.release_version ?? release?.name ?? '',
    repository: candidate?.repository ?? '',
    project: project.key,
    environment: environment?.name ?? '',
    id,
    previous_commit: candidate?.previous?.commit_sha ?? '',
    previous_version: candidate?.previous?.version ?? '',
  }
}

const place = /\$\{([^{}]*)\}/g

const isFactName = (name: string): name is FactName => (factNames as readonly string[]).includes(name)

/** `${name}` in a text that means nothing. */
export function unknownFacts(text: string): string[] {
  return [...text.matchAll(place)].map(([, name = '']) => name).filter((name) => !isFactName(name))
}

/** Puts the facts where a text says `${commit}`; what means nothing stays as it is. */
export function fillFacts(text: string, facts: Facts): string {
  return text.replace(place, (whole, name: string) => (isFactName(name) ? facts[name] : whole))
}
