/**
 * Why what an environment is made from as a whole is not proven in its parent: nothing was made from the same there, or
 * the newest that was did not succeed, was put back since, or was of other items.
 */
export type UnprovenSource = 'never' | 'failed' | 'put_back' | 'other'

/** What is not proven in a parent environment: item by item, or all of it at once where `source` is there. */
export interface LackingProof {
  /** The parent's. */
  name: string
  missing: number
  of: number
  /** The titles of the first few. */
  some: readonly string[]
  source?: UnprovenSource | null
}

/** What it lacks, to follow a colon. */
export function sayUnproven(lacking: LackingProof): string {
  return lacking.source ? sources[lacking.source] : sayMissing(lacking)
}

function sayMissing({ missing, of, some }: LackingProof): string {
  const named = some.map((title) => `“${title}”`).join(', ')
  const rest = missing > some.length ? ` and ${missing - some.length} more` : ''
  return `${missing} of ${of} items are not live there as they are here (${named}${rest})`
}

/** Resources differ from environment to environment: what is proven is what they are made from. */
const sources: Record<UnprovenSource, string> = {
  never: 'nothing was released there from this blueprint and these modules',
  failed: 'the newest release there from this blueprint and these modules did not succeed',
  put_back: 'what was released there from this blueprint and these modules was rolled back',
  other: 'the newest release there from this blueprint and these modules was not of all these resources',
}
