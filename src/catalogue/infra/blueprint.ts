import type { Finding, ModuleContract } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { FileTree } from './file-tree.ts'
import type { SpecCheck } from './spec-check.ts'

/** A blueprint as its files say it, before any environment makes something of it. */
export interface Blueprint {
  /** Of all its files. */
  digest: string
  /** By name: what environments may give values for. */
  variables: ReadonlyMap<string, VariableMeta>
  /** By key. */
  resources: ReadonlyMap<string, BlueprintResource>
  /** What is asked before each release. */
  hook: { name: string; bytes: Uint8Array } | null
  findings: readonly Finding[]
  /** All that was read. */
  tree: FileTree
  /** The line (from 1) at which a path of a JSON file stands; null where it cannot be told. */
  lineOf(file: string, path: readonly (string | number)[]): number | null
}

export interface VariableMeta {
  name: string
  /** Undefined: it has to be given. */
  fallback?: Json
  secret: boolean
  description: string | null
}

export interface BlueprintResource {
  key: string
  type: string
  name: string
  /** Below the blueprint's folder. */
  file: string
  /** As the file says it. */
  content: JsonObject
  disabled: boolean
}

/** A module, with what is needed to put it beside a configuration. */
export interface Module {
  /** Of its files, and of where in them it stands. */
  digest: string
  contract: ModuleContract
  /** The JSON schema of a resource's `spec`. */
  spec: JsonObject
  check: SpecCheck
  /** How long the name of a resource may be. */
  name_length_limit: number | null
  description: string | null
  /** By path below their root; the module itself stands in `contract.entry`. */
  files: ReadonlyMap<string, Uint8Array>
}

export interface ModuleIndex {
  /** Of all files below the modules' folder. */
  digest: string
  /** Without those that have errors. */
  modules: readonly Module[]
  /** The module of that contract; undefined where there is none. */
  find(intent: string, flavor: string, version: string): Module | undefined
  /** The same for modules that were found but cannot be used: what is wrong with them. */
  faultsOf(intent: string, flavor: string, version: string): readonly Finding[]
  /** Of contracts that do not even say of what they are one. */
  unread: readonly Finding[]
  /** Of all modules, whether a resource takes them or not. Paths are below the modules' folder. */
  findings: readonly Finding[]
}
