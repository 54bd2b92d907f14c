/** How long what is kept for looking back is kept, in days; null: for ever. */
export interface RetentionPolicy {
  events: number | null
  logs: number | null
  sessions: number | null
}

export const dayMs = 24 * 3600 * 1000

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * dayMs)

/** Rows that go in one transaction: it is short, and others come in between. */
export const atOnce = 1000
