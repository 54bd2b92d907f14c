/** One client's side of the wire: JSON in, JSON out, and an error that shows what was answered. */
export type Speak = <T>(method: string, path: string, body?: unknown) => Promise<T>

/** @throws Error with method, path, status and body when the answer is no success */
export function speaker(base: string, headers: Record<string, string>): Speak {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const form = body instanceof FormData
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined || form ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as T
  }
}
