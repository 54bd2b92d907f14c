/** The most of a connection that one page holds, and how much where nothing is said. */
export const mostOnPage = 100
export const defaultPage = 10

/** The most ids that `nodes` takes. */
export const mostIds = 100

/** Of one request's body, in bytes: a document and its variables. */
export const mostBytes = 256 * 1024

/** Of one document: words and signs, fields once fragments are put in, and levels. */
export const mostTokens = 4000
export const mostFields = 2000
export const mostDepth = 20
export const mostDirectives = 50

/** The fields that an answer may have where every page is full, and what costs more counts for more of them. */
export const mostCost = 250_000

/** What a row costs beside its fields. */
export const costOfRow = 5

/** What reading the history of a repository costs, and changing something. */
export const historyCost = 10_000
export const mutationCost = 5000
