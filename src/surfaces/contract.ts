import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ConfigurationUnit, ProjectPart } from '#app/configuration/project-part.ts'
import type { House } from '#app/context.ts'
import type { listEvents } from '#app/events/list-events.ts'
import type { MessageFormat } from '#app/webhooks/message-format.ts'
import type { ContentFormat } from '#app/imports/content-format.ts'
import type { WantedEvents } from '#domain/event-sight.ts'
import type { OrderVocabulary } from '#domain/order-vocabulary.ts'

export type { ConfigurationUnit, House, ProjectPart }

export type SealedEvent = Awaited<ReturnType<typeof listEvents>>[number] & { position: number }

/** Some events in the order of the chain, none of those that are wanted left out up to `position`. */
export interface FeedPage {
  events: readonly SealedEvent[]
  position: number
}

/** The live events, which main.ts hands in from the post room. */
export interface EventFeed {
  /** Every event after `after` (undefined: from now on), page by page; the next when `hear` is done with the last. */
  follow(following: {
    after: number | undefined
    wanted(): WantedEvents
    hear(page: FeedPage): Promise<void> | void
    lost(): void
  }): Promise<{ position: number; stop(): void }>
}

/** Says when a log may have new lines, whichever process wrote them; main.ts hands it in. */
export interface LogWakes {
  watch(logId: string, hear: () => void): () => void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is left to the caller, where requests are counted. */
    rate?: { limit: number; remaining: number; reset_seconds: number }
  }
  interface FastifyContextConfig {
    /** Its requests are not counted. */
    unlimited?: boolean
    /** The headers with which a browser on any site may read it. */
    readableWith?: string
  }
}

/** A wire language on the house. A surface's room exports one of these and nothing else. */
export interface Surface {
  name: string
  /** For people: what the API is called that it speaks. */
  title?: string
  /** Registers its routes. They are absolute; Fastify refuses to boot on a clash. */
  mount(server: FastifyInstance, house: House): Promise<void> | void
  /** Whether it would answer for this path (no query). The first of the list that says yes speaks. */
  claims(path: string): boolean
  /** What a request says of who sends it, unchecked, where that is not `authorization`. */
  credential?(request: FastifyRequest): string | undefined
  /** Says an error in its own voice. Must not throw; 5xx carry the request's id and nothing else. */
  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): void
  /** Answers a path of its own that has no route. */
  unmatched(request: FastifyRequest, reply: FastifyReply): void
  /** OpenAPI of what it really serves. Asked once everything is mounted. */
  openApi?(): object
  /** Schema and translation of its own part of a project in headgate.yaml. */
  configuration?: ProjectPart
  /** The files that content comes in from, and goes out to, in its vendor's layout. */
  contentFormat?: ContentFormat
  /** How it writes the messages of webhooks that were made in its words. */
  messages?: MessageFormat
  /** What its clients call the facts of a build or a deployment of code. */
  vocabulary?: OrderVocabulary
}
