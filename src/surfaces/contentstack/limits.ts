/** The vendor's limits, all in one place (spec/contentstack.md sections 1.8, 2.6 and 2.7). */
export const limits = {
  /** Characters of a release's name. */
  releaseName: 50,
  /** Items that one request may add to or remove from a release. */
  itemsPerRequest: 25,
  /** The same with `release_version: 2.0`; the vendor's pages disagree, its newer one says this. */
  itemsPerRequestV2: 100,
  itemsPerRelease: 500,
  /** How far ahead a deployment may be scheduled. */
  scheduleMonths: 12,
  /** Of a list, unless `limit` asks for fewer. */
  page: 100,
  /** Requests in a second, as the headers say it: nothing is limited at this door, so that it is never used up. */
  rate: 10_000,
  /** References behind references that `include[]` may name. */
  includeDepth: 5,
  /** Paths of `include[]`. */
  includes: 50,
  /** Objects, counted wherever they are carried, that one answer includes: what is shared is written out each time. */
  included: 10_000,
  /** What fits an integer column. */
  number: 2_147_483_647,
} as const
