import { isEmpty, type Json, type Rules } from './field.ts'
import { matchesFormat, type Patience } from './matches-format.ts'

export const tooSlow = 'The format takes too long to be checked.'

/** What is wrong with a value of a field by the rules that the type has for it; blank text keeps them all. */
export function faultOfRules(rules: Rules, value: Json, patience: Patience): string | undefined {
  if (isEmpty(value)) return undefined
  const { pattern, choices, minimum, maximum } = rules
  if (choices && !choices.includes(value as string)) return 'It is none of the choices.'
  if (pattern !== undefined && typeof value === 'string') {
    const matches = matchesFormat(pattern, value, patience)
    if (matches === undefined) return tooSlow
    if (!matches) return `It must match the format ${pattern}.`
  }
  if (minimum !== undefined && below(value, minimum)) return `It must be ${minimum} or more.`
  if (maximum !== undefined && below(maximum, value)) return `It must be ${maximum} or less.`
  return undefined
}

/** Dates are compared as moments; one without a zone is UTC's. */
function below(one: Json, other: Json): boolean {
  const [a, b] = [one, other].map((each) => (typeof each === 'string' ? moment(each) : Number(each)))
  return a !== undefined && b !== undefined && a < b
}

function moment(text: string): number {
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10))
  return Date.parse(text.length > 10 && !zoned ? `${text}Z` : text)
}

/** What is wrong with how many there are. */
export function faultOfCount({ min_items = 0, max_items }: Rules, count: number): string | undefined {
  if (count < min_items) return `There must be at least ${min_items}.`
  if (max_items !== undefined && count > max_items) return `There must be at most ${max_items}.`
  return undefined
}
