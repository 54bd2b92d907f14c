import type { TestContext } from 'node:test'
import { openCodeHouse, type CodeHouse, type Shop, type ShopOptions } from '../../code-house.ts'

/** What a client got: the status, and the body as JSON, or as text where it is none. */
export interface Answer {
  status: number
  body: unknown
  headers: Headers
}

export interface Sent {
  /** As a releaser when left out; null: without a credential. */
  token?: string | null
  json?: unknown
  /** Instead of `json`: as it is. */
  text?: string
  headers?: Record<string, string>
}

/** Asks as curl would: the path is sent as it is written. */
export type Call = (method: string, path: string, sent?: Sent) => Promise<Answer>

export interface Desk {
  house: CodeHouse
  call: Call
  /** One more project, and its paths. */
  open(options?: ShopOptions): Promise<OpenProject>
}

export interface OpenProject {
  shop: Shop
  /** Commits something new: its full id. */
  commit(title?: string): string
  /** Creates a release by the API, of a new commit where none is named; fails where that is refused. */
  create(version: string, commit?: string): Promise<string>
  releases(version: string): string
  deployments(environment?: string): string
  rollback(environment?: string): string
}

/** A server with people of all roles, whose projects are spoken to in the vendor's words. */
export async function openDesk(t: TestContext, env: Record<string, string> = {}): Promise<Desk> {
  const house = await openCodeHouse(t, env)
  const call: Call = async (method, path, { token, json, text, headers } = {}) => {
    const bearer = token === undefined ? house.tokens.releaser : token
    const body = text ?? (json === undefined ? undefined : JSON.stringify(json))
    const answer = await fetch(`${house.url}${path}`, {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, body: readBody(await answer.text()), headers: answer.headers }
  }
  return {
    house,
    call,
    async open(options) {
      const shop = await house.shop(options)
      const name = encodeURIComponent(shop.project.name)
      let commits = 0
      const project: OpenProject = {
        shop,
        commit(title = `feat: number ${(commits += 1)}`) {
          return shop.repository.commit(title, { 'README.md': `${title}\n` })
        },
        async create(version, commit = project.commit()) {
          const json = { repo: `acme/${shop.project.key}`, commit }
          const { status, body } = await call('POST', project.releases(version), { json })
          if (status !== 201) throw new Error(`${version} was not created: ${status} ${JSON.stringify(body)}`)
          return commit
        },
        releases: (version) => `/api/releases/${name}/releases/${version}`,
        deployments: (environment = 'production') =>
          `/api/releases/${name}/environments/${environment}/deployments`,
        rollback: (environment = 'production') =>
          `/api/releases/${name}/environments/${environment}/rollback`,
      }
      return project
    },
  }
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
