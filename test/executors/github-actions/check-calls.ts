import type { IncomingMessage } from 'node:http'
import type { Operation, PublishedApi } from './published-api.ts'

export interface Found {
  operation: Operation
  path: Record<string, string>
}

export function operationOf(api: PublishedApi, method: string, { pathname }: URL): Found | undefined {
  for (const operation of api.operations) {
    const match = operation.method === method ? operation.pattern.exec(pathname) : null
    if (match) {
      const path = operation.names.map((name, index) => [name, decodeURIComponent(match[index + 1]!)])
      return { operation, path: Object.fromEntries(path) }
    }
  }
  return undefined
}

interface Asked {
  request: IncomingMessage
  url: URL
  body: string
}

export function faultsOf({ operation, path }: Found, { request, url, body }: Asked): string[] {
  const faults: string[] = []
  const query = Object.fromEntries(url.searchParams)
  for (const { name, in: where, required, valid } of operation.parameters) {
    const said = where === 'path' ? path[name] : query[name]
    if (said === undefined && required) faults.push(`${name} is missing`)
    const read: unknown[] = said === undefined ? [] : [said, Number(said)]
    if (said !== undefined && !read.some((value) => valid(value) === true)) faults.push(`${name} is ${said}`)
  }
  for (const name of Object.keys(query))
    if (!operation.parameters.some((one) => one.in === 'query' && one.name === name))
      faults.push(`no query ${name} in ${operation.id}`)
  const {
    accept,
    'user-agent': agent,
    'x-github-api-version': version,
    'content-type': type,
  } = request.headers
  if (!agent || accept !== 'application/vnd.github+json' || version !== '2022-11-28')
    faults.push(`headers of ${operation.id}`)
  if (operation.body && (type !== 'application/json' || !operation.body(JSON.parse(body))))
    faults.push(`body of ${operation.id}: ${body}`)
  if (!operation.body && body !== '') faults.push(`${operation.id} takes no body`)
  return faults
}

export interface Answer {
  status: number
  body: unknown
}

export const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
})

export function answerFaults(
  { error }: PublishedApi,
  { id, answers }: Operation,
  { status, body }: Answer,
): string[] {
  // What refuses is in GitHub's one shape, also where the description does not name it.
  const valid = status >= 400 ? error : answers.get(status)
  if (status < 400 && !answers.has(status)) return [`${id} never answers ${status}`]
  if (valid === undefined || valid(body)) return []
  return [`answer of ${id}: ${JSON.stringify(valid.errors)}`]
}
