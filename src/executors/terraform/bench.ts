import type { ModuleContract, ResourceContent } from '#domain/blueprint.ts'
import type { PinnedItem } from '#domain/item.ts'

/** On whose behalf Terraform runs: by that its lock and its credentials are told apart. */
export interface Subject {
  kind: 'deployment' | 'run'
  id: string
}

/** A module as it lies in the catalogue: its contract, and its files by their path inside its folder. */
export interface ModuleMaterial {
  contract: ModuleContract
  files: ReadonlyMap<string, Uint8Array>
}

/** All that the configuration of an environment is made of. */
export interface RootMaterial {
  /** Each resource under its item's key; one that goes is not among them. */
  resources: readonly { key: string; content: ResourceContent }[]
  /** By their digest: every one that a resource names. */
  modules: ReadonlyMap<string, ModuleMaterial>
  /** The values of the secrets that the resources refer to, open. */
  secrets: Readonly<Record<string, string>>
  /** Of the revision that is deployed; null where there is none, it is switched off, or it is a run. */
  hook: { name: string; bytes: Uint8Array } | null
  /** As the hook is told of it. */
  environment: { name: string; release_stream: string | null }
}

/** Where an environment's state stands. `version` counts ours, from 0: none yet; the others are Terraform's own. */
export interface StateFacts {
  version: number
  serial: number | null
  lineage: string | null
  /** The blob of a state that a release could not post: what is planned without it is made twice. */
  unposted?: string | null
}

/** Where Terraform finds the state, and what it says there to be let in. */
export interface StateAccess {
  address: string
  lock_address: string
  unlock_address: string
  username: string
  password: string
}

/** What Terraform is run with; `src/main.ts` hands it in. */
export interface TerraformBench {
  /** What the items are made of; of `live`, what the environment is at. */
  root(of: {
    subject: Subject
    environment_id: string
    items: readonly PinnedItem[] | 'live'
  }): Promise<RootMaterial>
  state(environment_id: string): Promise<StateFacts>
  /** Credentials of this attempt alone, for as long as it lasts. */
  stateAccess(subject: Subject, attempt: number, environment_id: string): Promise<StateAccess>
  /** Lets go of the lock where this subject holds it, by this attempt or an earlier one. Else nothing. */
  letGoOfLock(environment_id: string, subject: Subject, attempt: number): Promise<void>
  /** Seals the bytes for this context and puts them among the blobs; answers the blob's digest. */
  keep(bytes: Uint8Array, context: string): Promise<string>
  /** Keeps a state that could not be posted, as `keep` does, and notes that it is missing. */
  rescue(environment_id: string, bytes: Uint8Array): Promise<string>
  /** The bytes of `keep`. Undefined: they are there no more. */
  take(blob: string, context: string): Promise<Uint8Array | undefined>
  /** A keyed digest: the same of the same text, and nobody without the key can find out of which. */
  fingerprint(text: string): string
}
