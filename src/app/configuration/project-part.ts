import type { Context, Unit } from '../context.ts'

/** What a surface contributes to the configuration file: the key is the project's kind. */
export interface ProjectPart {
  kind: 'content' | 'code' | 'infra' | 'data'
  /** A TypeBox schema of `projects[].<kind>`. It takes `{}`: a project may be made without saying more. */
  schema: object
  /**
   * Translates its checked part into what the house does. Called inside the one transaction in which the whole
   * file is applied; returns lines of the diff. Must change nothing when nothing differs.
   */
  apply(unit: ConfigurationUnit, part: unknown): Promise<string[]>
}

export interface ConfigurationUnit {
  ctx: Context
  unit: Unit
  project: { id: string; key: string; created: boolean }
  /** With the `id` that the file fixes for one, if it does. */
  environments: { id: string; name: string; fixed_id?: string }[]
  /** What paths of the file are relative to. */
  folder: string
}
