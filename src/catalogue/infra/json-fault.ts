/** How deep what people write may be nested. */
const mostDeep = 64

export interface JsonFault {
  path: (string | number)[]
  message: string
  tooDeep?: true
}

/**
 * What of a JSON value cannot be kept or handed on: NUL and half characters in its strings, numbers that are none, names
 * that are not data, and depth without end. Undefined where nothing is wrong with it.
 */
export function jsonFault(value: unknown): JsonFault | undefined {
  return look(value, [])
}

function look(value: unknown, path: (string | number)[]): JsonFault | undefined {
  switch (typeof value) {
    case 'string':
      return faultOfText(value, path)
    case 'number':
      return Number.isFinite(value) ? undefined : { path: [...path], message: 'the number is too large' }
    case 'boolean':
      return undefined
    case 'object':
      return value === null ? undefined : lookInside(value, path)
    default:
      return { path: [...path], message: 'it is no JSON' }
  }
}

function lookInside(value: object, path: (string | number)[]): JsonFault | undefined {
  if (path.length >= mostDeep)
    return { path: path.slice(0, 8), message: 'it is nested too deep', tooDeep: true }
  const list = Array.isArray(value)
  for (const [name, one] of Object.entries(value)) {
    path.push(list ? Number(name) : name)
    const fault = (list ? undefined : faultOfName(name, path)) ?? look(one, path)
    if (fault) return fault
    path.pop()
  }
  return undefined
}

function faultOfName(name: string, path: (string | number)[]): JsonFault | undefined {
  if (name === '__proto__') return { path: [...path], message: '__proto__ is no name for a member' }
  return faultOfText(name, path)
}

function faultOfText(text: string, path: (string | number)[]): JsonFault | undefined {
  if (text.includes('\0')) return { path: [...path], message: 'it has a NUL character in it' }
  return text.isWellFormed() ? undefined : { path: [...path], message: 'it has half a character in it' }
}

/** A path as people write it: `spec.ports[0].port`, and `spec.env["a.b"]` where a name is not a plain one. */
export function pathText(path: readonly (string | number)[]): string {
  let text = ''
  for (const step of path)
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step.slice(0, 100).toWellFormed())}]`
  return text
}
