import type { Rules } from '#catalogue/content/field.ts'

type Wire = { [key: string]: unknown }

/**
 * The rules of a field in the catalogue's words (section 3.3 has none of them; the names are the vendor's own, out of
 * its exported types). What has another shape than there says nothing: it is kept beside the field as it came.
 */
export function readFieldRules(wire: Wire): Rules | undefined {
  const { data_type: type, format, min, max, startDate, endDate, min_instance, max_instance } = wire
  const rules: Rules = {}
  if (type === 'text' && typeof format === 'string' && format !== '') rules.pattern = format
  const choices = choicesOf(wire)
  if (choices) rules.choices = choices
  const bounds = type === 'number' ? [min, max] : type === 'isodate' ? [startDate, endDate] : []
  const [minimum, maximum] = bounds.map((bound) =>
    type === 'number' ? (typeof bound === 'number' ? bound : undefined) : dateOf(bound),
  )
  if (minimum !== undefined) rules.minimum = minimum
  if (maximum !== undefined) rules.maximum = maximum
  if (isCount(min_instance)) rules.min_items = min_instance
  if (isCount(max_instance)) rules.max_items = max_instance
  return Object.keys(rules).length === 0 ? undefined : rules
}

/** `enum.choices`, of texts or of numbers. */
function choicesOf({ data_type, enum: choosing }: Wire): (string | number)[] | undefined {
  if (data_type !== 'text' && data_type !== 'number') return undefined
  const { choices } = (choosing ?? {}) as { choices?: unknown }
  if (!Array.isArray(choices) || choices.length === 0) return undefined
  const values = choices.map((choice: { value?: unknown } | null) => choice?.value)
  const typed = data_type === 'text' ? values.map((value) => String(value)) : values.map(Number)
  return typed.every((value) => value !== 'undefined' && !Number.isNaN(value)) ? typed : undefined
}

function dateOf(bound: unknown): string | undefined {
  return typeof bound === 'string' && bound !== '' ? bound : undefined
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0
}
