import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context, House, Unit } from '#app/context.ts'

export type { House }

/** A wire language on the house. A surface's room exports one of these and nothing else. */
export interface Surface {
  name: string
  /** Registers its routes. They are absolute; Fastify refuses to boot on a clash. */
  mount(server: FastifyInstance, house: House): Promise<void> | void
  /** Whether it would answer for this path (no query). The first of the list that says yes speaks. */
  claims(path: string): boolean
  /** Says an error in its own voice. Must not throw; 5xx carry the request's id and nothing else. */
  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void
  /** Answers a path of its own that has no route. */
  unmatched(request: FastifyRequest, reply: FastifyReply): void
  /** Schema and translation of its own part of a project in headgate.yaml. */
  configuration?: ProjectPart
}

/** What a surface contributes to the configuration file: the key is the project's kind. */
export interface ProjectPart {
  kind: 'content' | 'code' | 'infra' | 'data'
  /** A TypeBox schema of `projects[].<kind>`. */
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
  environments: { id: string; name: string }[]
}
