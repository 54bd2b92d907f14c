/** What a request may be at most. Sizes in bytes, times in milliseconds. */
export const limits = {
  body: 10 * 1024 * 1024,
  upload: 100 * 1024 * 1024,
  uploadedFiles: 10,
  uploadedFields: 100,
  uploadedField: 1024 * 1024,
  /** Request line and headers together; Node's own 16 KiB are too few for queries that carry JSON. */
  headers: 32 * 1024,
  pathSegment: 500,
  requestMs: 300_000,
  /** Credentials and addresses whose requests are counted; of more, the longest silent are forgotten. */
  countedCallers: 20_000,
} as const
