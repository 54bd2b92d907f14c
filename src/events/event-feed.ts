import { isWanted, type WantedEvents } from '#domain/event-sight.ts'
import type { Db } from '#store/database.ts'
import { findLastSeal, listSealedEvents, sealedChannel, type SealedEvent } from '#store/event-seal.ts'

/** Some events in the order of the chain, none of them left out up to `position`. */
export interface FeedPage {
  events: readonly SealedEvent[]
  position: number
}

/** Somebody who wants every event from a position on. */
export interface Following {
  /** The last position that is known to them; undefined: what happens from now on. */
  after: number | undefined
  /** Asked for each page: what somebody may see can change. */
  wanted(): WantedEvents
  /** Called with one page after the other. No other comes before what it answers is done. */
  hear(page: FeedPage): Promise<void> | void
  /** The store could not be read, or the feed was closed; nothing follows. */
  lost(): void
}

export interface EventFeed {
  /** Answers with where it begins, and how to end it. */
  follow(following: Following): Promise<{ position: number; stop(): void }>
  /** Ends them all. */
  close(): Promise<void>
}

export interface FeedOptions {
  db: Db
  listen(channel: string, hear: (payload: string | null) => void): Promise<() => Promise<void>>
  logger: { error(details: object, message: string): void }
  /** How often to look although nothing was heard. */
  everyMs?: number
}

/** Events read at once, and how many positions one statement looks through for those that are wanted. */
const pageSize = 500
const window = 10_000

interface Follower extends Following {
  position: number
  /** A page is being heard, or read: its own loop goes on from there. */
  busy: boolean
  ended: boolean
}

/**
 * One reader for the whole process: it reads what was newly sealed once, whoever sealed it, and hands it to all who
 * follow. Who lags behind (it begins further back, or is slow) reads its own pages until it has caught up.
 */
export async function startEventFeed({ listen, everyMs = 2000, ...rest }: FeedOptions): Promise<EventFeed> {
  const feed = new Feed(rest)
  const hush = await listen(sealedChannel, () => feed.look())
  const timer = setInterval(() => feed.look(), everyMs)
  return {
    follow: (following) => feed.follow(following),
    async close() {
      clearInterval(timer)
      await hush()
      await feed.close()
    },
  }
}

class Feed {
  readonly #db: Db
  readonly #logger: FeedOptions['logger']
  readonly #followers = new Set<Follower>()
  /** Up to here the reader has handed out. While nobody follows, it stays where it is. */
  #position = 0
  #reading: Promise<void> | undefined
  #again = false
  #closed = false

  constructor({ db, logger }: Pick<FeedOptions, 'db' | 'logger'>) {
    this.#db = db
    this.#logger = logger
  }

  async follow(following: Following): Promise<{ position: number; stop(): void }> {
    const head = (await findLastSeal(this.#db))?.position ?? 0
    if (this.#followers.size === 0) this.#position = Math.max(this.#position, head)
    const position = Math.min(following.after ?? head, head)
    const follower: Follower = { ...following, position, busy: false, ended: false }
    this.#followers.add(follower)
    if (position < this.#position) void this.#catchUp(follower)
    // Between the question and this line something may have been sealed.
    this.look()
    const stop = () => {
      follower.ended = true
      this.#followers.delete(follower)
    }
    return { position, stop }
  }

  /** Something may have been sealed. */
  look(): void {
    this.#again = true
    if (this.#followers.size > 0 && !this.#closed)
      this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#reading
    for (const follower of this.#followers) this.#lose(follower)
  }

  async #read(): Promise<void> {
    try {
      while (this.#again && !this.#closed) {
        this.#again = false
        const events = await listSealedEvents(this.#db, { after: this.#position, limit: pageSize })
        if (events.length > 0) this.#handOut(events)
        if (events.length === pageSize) this.#again = true
      }
    } catch (error) {
      this.#logger.error({ err: error }, 'sealed events could not be read; the next look is soon')
    }
  }

  #handOut(events: readonly SealedEvent[]): void {
    const from = (events[0]?.position ?? 1) - 1
    this.#position = Math.max(this.#position, events.at(-1)?.position ?? 0)
    for (const follower of this.#followers) {
      if (follower.busy) continue
      void (follower.position < from ? this.#catchUp(follower) : this.#give(follower, events))
    }
  }

  async #give(follower: Follower, events: readonly SealedEvent[]): Promise<void> {
    follower.busy = true
    const fresh = events.filter(({ position }) => position > follower.position)
    await this.#hear(follower, (wanted) => ({
      events: fresh.filter((event) => isWanted(wanted, event)),
      position: fresh.at(-1)?.position ?? follower.position,
    }))
    // While it heard, others may have been handed out: no line between this look and being free may wait.
    await this.#catchUp(follower)
  }

  /** Its own pages, until it is where the reader is. */
  async #catchUp(follower: Follower): Promise<void> {
    follower.busy = true
    while (!follower.ended && follower.position < this.#position) {
      const { position } = follower
      const upto = Math.min(this.#position, position + window)
      await this.#hear(follower, async (wanted) => {
        const asked = { after: position, upto, limit: pageSize, wanted }
        const events = await listSealedEvents(this.#db, asked)
        return { events, position: (events.length === pageSize && events.at(-1)?.position) || upto }
      })
    }
    follower.busy = false
  }

  /** What it may see is asked once for each page. Whatever breaks ends this stream, and no other. */
  async #hear(
    follower: Follower,
    pageOf: (wanted: WantedEvents) => FeedPage | Promise<FeedPage>,
  ): Promise<void> {
    try {
      const page = await pageOf(follower.wanted())
      if (!follower.ended) await follower.hear(page)
      follower.position = page.position
    } catch (error) {
      this.#logger.error({ err: error }, 'a stream broke; it ends')
      this.#lose(follower)
    }
  }

  #lose(follower: Follower): void {
    follower.ended = true
    if (this.#followers.delete(follower)) follower.lost()
  }
}
