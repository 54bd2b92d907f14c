/** Asks the server and reads the answer. Throws ProblemError where it refuses. */
export type Send = <T>(method: string, path: string, body?: unknown, query?: object) => Promise<T>

export interface Listed<T> {
  items: T[]
  next: string | null
}

export interface Paging {
  limit?: number
  after?: string
}

export const projectPath = (key: string) => `/projects/${encodeURIComponent(key)}`

export const environmentPath = (key: string, name: string) =>
  `${projectPath(key)}/environments/${encodeURIComponent(name)}`
