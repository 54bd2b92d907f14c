import type { JsonObject } from './json.ts'

/** Identity of a resource within a blueprint: its type (intent) and its name. It is the key of an item. */
export function resourceKey(type: string, name: string): string {
  return `${type}/${name}`
}

/** What a resource takes from another one. */
export interface ResourceInput {
  resource_type: string
  resource_name: string
  /** `default` when left out. */
  output_name?: string
  /** What it is, where no module makes it: the `out` of a resource that is provided from elsewhere. */
  provided?: JsonObject
}

/**
 * A resource as an environment gets it: all that decides what becomes of it, and nothing else. The digest of it is the
 * version of its item.
 */
export interface ResourceContent {
  type: string
  name: string
  flavor: string
  /** Of its module's facets of contract, as the blueprint names it. */
  module_version: string
  /** The digest of the module's files. */
  module: string
  /**
   * The whole effective resource: overrides merged, artifact injected, variables put in. References to other resources
   * and to secrets still stand in its strings.
   */
  instance: JsonObject
  inputs: Readonly<Record<string, ResourceInput>>
  /** Keys of resources that have to be there before it, beside those that it refers to. None: left out. */
  depends_on?: readonly string[]
  /** What its module is told of the environment. */
  environment: JsonObject
  /** The secrets that it refers to, each at the version it had. */
  secrets: Readonly<Record<string, number>>
}

/** What of a module's contract the configuration around it needs. */
export interface ModuleContract {
  intent: string
  flavor: string
  version: string
  /** The folder it was found in, under the modules' folder. */
  folder: string
  /**
   * Where in its files the module itself stands; empty: at their root. It is another folder where a module takes files
   * from beside itself (`../common`), which are then among its files.
   */
  entry: string
  /** Which of `instance`, `instance_name`, `environment` and `inputs` it declares. */
  variables: readonly string[]
  /** Which of the locals `output_attributes` and `output_interfaces` it has; and whether it has an output `default`. */
  outputs: { attributes: boolean; interfaces: boolean; default: boolean }
  /** By the name of the input: its type, whether it can be left out, the providers that come with it. */
  inputs: Readonly<Record<string, { type: string; optional: boolean; providers: readonly string[] }>>
  /** By the name of an output the providers that it offers to who takes it. */
  offers: Readonly<
    Record<string, Readonly<Record<string, { source: string; version?: string; attributes: JsonObject }>>>
  >
  /** Where the image of an application goes: a dotted path in the instance. */
  artifact_path?: string
  /** The providers that its own `required_providers` name. */
  requires: Readonly<Record<string, { source?: string; version?: string }>>
}

/** A blueprint's hook, which is asked before each release. */
export interface PreReleaseHook {
  /** `pre_release_hook.py` or `pre_release_hook.sh`. */
  name: string
  /** The digest of its bytes among the blobs. */
  blob: string
}

export const findingCategories = [
  'syntax_error',
  'non_existent_reference',
  'disabled_reference',
  'invalid_reference',
  'schema_compliance',
  'override_syntax',
  'invalid_filename',
  'input_validation',
  'missing_module',
  'module_contract',
  'cycle',
] as const
export type FindingCategory = (typeof findingCategories)[number]

/** Something wrong with a blueprint or a module. An error keeps it from being released. */
export interface Finding {
  category: FindingCategory
  severity: 'error' | 'warning'
  /** Relative to the root that it was read from; empty where it is in none: an override of what the blueprint does not have. */
  file: string
  /** From 1; null where there is none. */
  line: number | null
  /** Where in the file's JSON: `spec.env.DB_HOST`; null for the whole file. */
  path: string | null
  message: string
  /** The resource that it is about, and, as an error, keeps from being released. */
  item_key: string | null
}
