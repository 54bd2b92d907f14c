import type { Context } from '#app/context.ts'
import type { Event } from '#store/event.ts'

/** Every event, in the order in which it happened. */
export function readEvents({ db }: Pick<Context, 'db'>): Promise<Event[]> {
  return db.selectFrom('event').selectAll().orderBy('ordinal').execute()
}

/** The kinds of events about one thing, in their order. */
export async function kindsAbout(ctx: Pick<Context, 'db'>, subject: string): Promise<string[]> {
  return (await readEvents(ctx)).filter((event) => event.subject_id === subject).map((event) => event.kind)
}

const begins = new Set(['deployment.started'])
const ends = /^deployment\.(unchanged|succeeded|partly_succeeded|failed|canceled|requeued)$/

/**
 * Who held an environment, one after the other, by the event log. Throws where two held it at once. Only for
 * environments in which nothing was a dry run or was canceled before it started.
 */
export async function holdersOf(ctx: Pick<Context, 'db'>, environmentId: string): Promise<string[]> {
  const holders: string[] = []
  let holder: string | null = null
  for (const { kind, environment_id, subject_id } of await readEvents(ctx)) {
    if (environment_id !== environmentId || subject_id === null) continue
    if (begins.has(kind)) {
      if (holder !== null) throw new Error(`${subject_id} started while ${holder} had not ended`)
      holder = subject_id
      holders.push(subject_id)
    } else if (ends.test(kind)) {
      if (holder !== subject_id) throw new Error(`${subject_id}: ${kind}, but ${holder} had started`)
      holder = null
    }
  }
  return holders
}
