/** What Terraform says of a lock, as far as people want to know it. */
export interface LockDescription {
  operation: string | null
  who: string | null
  created: string | null
}

const longestId = 255

/** The ID of a LockInfo in JSON; undefined where it is none. */
export function readLockId(info: string): string | undefined {
  const id = fieldsOf(info)['ID']
  if (typeof id !== 'string' || id === '' || id.length > longestId) return undefined
  return id.includes('\0') || !id.isWellFormed() ? undefined : id
}

export function describeLock(info: string | null): LockDescription {
  const fields = info === null ? {} : fieldsOf(info)
  const text = (name: string) => {
    const value = fields[name]
    // Whatever whoever took the lock wrote there: it is shown, and kept with an event.
    return typeof value === 'string' && value !== '' ? shownOf(value) : null
  }
  return { operation: text('Operation'), who: text('Who'), created: text('Created') }
}

const longest = 500

function shownOf(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().slice(0, longest).toWellFormed()
}

function fieldsOf(info: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(info)
    return value !== null && typeof value === 'object' ? { ...value } : {}
  } catch {
    return {}
  }
}
