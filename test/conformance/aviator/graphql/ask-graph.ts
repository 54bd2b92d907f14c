import type { CodeHouse } from '../../../code-house.ts'

export interface GraphError {
  message: string
  path?: (string | number)[]
  extensions: { code: string; requestId?: string }
}

/** Whatever a document asks for, as far as a test looks into it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Tree = any

export interface Answered {
  status: number
  data: Tree
  errors: GraphError[] | undefined
  headers: Headers
  body: Tree
}

export interface Asking {
  /** A releaser's when left out; null: none. */
  token?: string | null
  path?: string
  headers?: Record<string, string>
}

export type Ask = (query: string, variables?: object, asking?: Asking) => Promise<Answered>

/** Asks documents of a server as a client of GraphQL does. */
export function askGraph(house: Pick<CodeHouse, 'url' | 'tokens'>): Ask {
  return (query, variables, asking) =>
    postGraph(house, JSON.stringify({ query, ...(variables && { variables }) }), asking)
}

/** The same with a body as it is. */
export async function postGraph(
  { url, tokens }: Pick<CodeHouse, 'url' | 'tokens'>,
  body: string,
  { token = tokens.releaser, path = '/graphql', headers }: Asking = {},
): Promise<Answered> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body,
  })
  const text = await answer.text()
  const read = (text === '' ? {} : JSON.parse(text)) as { data?: Tree; errors?: GraphError[] }
  return { status: answer.status, data: read.data, errors: read.errors, headers: answer.headers, body: read }
}

/** Fails where there are errors; what was answered else. */
export async function mustAnswer(asked: Promise<Answered>): Promise<Tree> {
  const { data, errors, status } = await asked
  if (errors || status !== 200) throw new Error(`${status} ${JSON.stringify(errors)}`)
  return data
}
