import type { Json, JsonObject } from '#domain/json.ts'

/** What `terraform show -json` says of a plan; only what is read here. */
export interface ShownPlan {
  format_version?: string
  terraform_version?: string
  applyable?: boolean
  errored?: boolean
  resource_changes?: readonly ResourceChange[]
  resource_drift?: readonly ResourceChange[]
  output_changes?: Readonly<Record<string, ValueChange>>
}

export interface ValueChange {
  actions: readonly string[]
  before: Json
  after: Json
  /** True where a value is known only later; of objects and lists, part by part. */
  after_unknown?: Json
  before_sensitive?: Json
  after_sensitive?: Json
}

export interface ResourceChange {
  address: string
  /** Where it was found before, where it was moved. */
  previous_address?: string
  mode: 'managed' | 'data'
  /** Of an object that was to be replaced and is left over. */
  deposed?: string
  /** Why it is done, such as `replace_because_tainted`. */
  action_reason?: string
  change: ValueChange
}

/** @throws SyntaxError where it is none */
export function readShownPlan(bytes: Uint8Array): ShownPlan {
  const shown: unknown = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
  )
  if (shown === null || typeof shown !== 'object' || Array.isArray(shown))
    throw new SyntaxError('this is no plan')
  return shown as ShownPlan & JsonObject
}

/** Every text in a plan that is marked as sensitive: wherever else it stands, it is not to be shown. */
export function sensitiveTexts(plan: ShownPlan): Set<string> {
  const found = new Set<string>()
  const changes = [
    ...(plan.resource_changes ?? []).map(({ change }) => change),
    ...(plan.resource_drift ?? []).map(({ change }) => change),
  ]
  for (const { before, after, before_sensitive, after_sensitive } of changes) {
    collect(before, before_sensitive ?? null, found)
    collect(after, after_sensitive ?? null, found)
  }
  return found
}

const shortestSecret = 6

function collect(value: Json, mark: Json, into: Set<string>): void {
  if (mark === null || mark === false) return
  if (typeof value === 'string') {
    if (mark === true && value.length >= shortestSecret) into.add(value)
    return
  }
  if (value === null || typeof value !== 'object') return
  const marks = mark === true ? () => true : (key: string) => (mark as JsonObject)[key] ?? null
  for (const [key, part] of Object.entries(value)) collect(part, marks(key), into)
}
