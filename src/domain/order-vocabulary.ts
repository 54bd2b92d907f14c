import type { RunKind } from './run-lifecycle.ts'

/** A release candidate as whoever deploys, builds or picks it is told of it. */
export interface OrderCandidate {
  id: string
  /** As others outside know it. */
  ordinal: number
  /** `1.2.0-rc3`. */
  version: string
  release_version: string
  /** Full id. Null for what is to be picked yet. */
  commit_sha: string | null
  /** The branch that it has of its own, else the project's. Null: the repository's default. */
  branch: string | null
  /** As clients name the repository: `acme/shop`. */
  repository: string
  /** What is live where it goes; null where nothing is, or where it goes nowhere. No version: nobody here cut it. */
  previous: { version: string | null; commit_sha: string } | null
}

/** What of an order there are names for. */
export interface OrderFacts {
  kind: 'deployment' | RunKind
  candidate: OrderCandidate | null
  /** The deployment's number, as others outside know it; null for a run. */
  number: number | null
}

/**
 * The names under which a surface's clients expect the facts of an order about a candidate: as variables in a command's
 * environment, and as inputs of a workflow, newest generation of names first. Empty where it has none for such an order.
 */
export interface OrderVocabulary {
  variables(order: OrderFacts): Readonly<Record<string, string>>
  inputs(order: OrderFacts): readonly Readonly<Record<string, string>>[]
}

/** What several call the facts, as if one did. */
export function joinVocabularies(all: readonly OrderVocabulary[]): OrderVocabulary {
  return {
    variables: (order) => Object.assign({}, ...all.map(({ variables }) => variables(order))),
    inputs: (order) => all.flatMap(({ inputs }) => inputs(order)),
  }
}
