/** SQLSTATEs of class 23 by what was broken. */
const violations: Record<string, 'unique' | 'foreign_key' | 'check' | 'not_null' | 'exclusion'> = {
  '23502': 'not_null',
  '23503': 'foreign_key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
}

/**
 * What a statement broke, as both stores report it, and the uuid that it broke it with where it says one; undefined
 * when the error is of another kind.
 */
export function violatedConstraint(error: unknown) {
  if (!(error instanceof Error)) return undefined
  const {
    code = '',
    constraint = '',
    detail = '',
  } = error as Error & { code?: string; constraint?: string; detail?: string }
  const kind = violations[code]
  const [, id] = /=\(([0-9a-f-]{36})\)/.exec(detail) ?? []
  return kind && { kind, constraint, id }
}
