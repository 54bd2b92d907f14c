import { createHash } from 'node:crypto'

/**
 * Chooses which statements are prepared by name, so that a connection parses them once. A statement is named from
 * its second sight on; generated ones (long lists of parameters) never are, as each length would be another name,
 * and a name costs memory in every connection for its whole life.
 *
 * @returns the name for a statement, or undefined to send it without one
 */
export function nameStatements({ most = 250, longest = 10_000, parametersAtMost = 100 } = {}) {
  const names = new Map<string, string>()
  const seenOnce = new Set<string>()
  return (sql: string, parameters: number): string | undefined => {
    if (sql.length > longest || sql.length < 40 || parameters > parametersAtMost) return undefined
    const known = names.get(sql)
    if (known !== undefined || names.size >= most) return known
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= most) seenOnce.clear()
      seenOnce.add(sql)
      return undefined
    }
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 22)
    names.set(sql, name)
    return name
  }
}
