import type { FieldFault } from '#domain/errors.ts'
import { isObject, isText } from './json.ts'
import { isIsoDate } from './iso-date.ts'
import type { FieldType, Rules } from './field.ts'

const limits = { pattern: 1000, groups: 10, choices: 1000, choice: 1000, items: 10_000 }

/** Which types a rule can be of; those on the number of items are of whatever is a list. */
const ofTypes: { readonly [R in keyof Rules]?: readonly FieldType[] } = {
  pattern: ['text'],
  choices: ['text', 'number'],
  minimum: ['number', 'isodate'],
  maximum: ['number', 'isodate'],
}

type Refuse = (rule: keyof Rules, detail: string) => void

/** The rules of a field out of anything a caller sends, with every fault at `<path>.<rule>`. */
export function readRules(
  faults: FieldFault[],
  input: unknown,
  { path, type, list }: { path: string; type: FieldType; list: boolean },
): Rules | undefined {
  if (input === undefined) return undefined
  if (!isObject(input)) {
    faults.push({ field: `${path}.rules`, fault: 'invalid', detail: 'Rules are an object.' })
    return undefined
  }
  const refuse: Refuse = (rule, detail) => faults.push({ field: `${path}.${rule}`, fault: 'invalid', detail })
  for (const key of Object.keys(input)) {
    if (!Object.hasOwn(readers, key)) refuse(key as keyof Rules, 'There is no such rule.')
    const types = ofTypes[key as keyof Rules]
    if (types && !types.includes(type))
      refuse(key as keyof Rules, `Only a field of type ${types.join(' or ')} has this rule.`)
  }
  const rules = input as Rules
  for (const rule of Object.keys(readers) as (keyof Rules)[]) {
    const wrong = rules[rule] === undefined ? undefined : readers[rule](rules[rule], type)
    if (wrong) refuse(rule, wrong)
  }
  if (!list && (rules.min_items !== undefined || rules.max_items !== undefined))
    refuse(rules.min_items === undefined ? 'max_items' : 'min_items', 'Only a list has this rule.')
  return Object.keys(rules).length === 0 ? undefined : rules
}

/** What is wrong with a rule, if anything is. */
const readers: { [R in keyof Required<Rules>]: (rule: unknown, type: FieldType) => string | undefined } = {
  pattern: (pattern) => {
    if (!isText(pattern) || pattern.length > limits.pattern)
      return `A pattern is text of at most ${limits.pattern} characters.`
    // What lies deeper takes long to be understood, before any time limit can stop it.
    if (depthOf(pattern) > limits.groups)
      return `A pattern has at most ${limits.groups} groups in one another.`
    try {
      new RegExp(pattern)
      return undefined
    } catch {
      return 'The pattern is no regular expression.'
    }
  },
  choices: (choices) => {
    const fine =
      Array.isArray(choices) &&
      choices.length <= limits.choices &&
      choices.every((each) => Number.isFinite(each) || (isText(each) && each.length <= limits.choice))
    return fine ? undefined : `Choices are a list of at most ${limits.choices} texts or numbers.`
  },
  minimum: faultOfBound,
  maximum: faultOfBound,
  min_items: faultOfCount,
  max_items: faultOfCount,
}

function depthOf(pattern: string): number {
  let [depth, deepest] = [0, 0]
  for (const sign of pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/gs, '').replaceAll(/[^()]/g, ''))
    deepest = Math.max(deepest, (depth += sign === '(' ? 1 : -1))
  return deepest
}

function faultOfBound(bound: unknown, type: FieldType): string | undefined {
  const fine = type === 'isodate' ? typeof bound === 'string' && isIsoDate(bound) : Number.isFinite(bound)
  return fine ? undefined : `It is a ${type === 'isodate' ? 'date' : 'number'}.`
}

function faultOfCount(count: unknown): string | undefined {
  const fine = Number.isInteger(count) && Number(count) >= 0 && Number(count) <= limits.items
  return fine ? undefined : `It is a number of items, at most ${limits.items}.`
}
