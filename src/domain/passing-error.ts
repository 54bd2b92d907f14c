/**
 * SQLSTATEs that say nothing of what was asked: connections (08), a transaction that idled too long (25P03), lost races
 * (40), resources (53), locks (55P03), the server's own ends and time limits (57), its system (58).
 */
const sqlStates = /^(08|25P03|40|53|55P03|57|58)/

const networkErrors = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/

/** What pg and its pool say without a code. */
const words =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed and is not queryable/

/** Whether trying again helps: the fault is the store's or the network's, and not of what was asked. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return sqlStates.test(code) || networkErrors.test(code) || words.test(error.message)
}
