/** One endpoint of the vendor, built or not. The list of them is the surface's whole promise. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PATCH'
  /** In Fastify's notation. */
  path: string
  /** `token`: a bearer token. `signature`: what its sender signed. */
  needs: 'token' | 'signature'
  /** Where it is described: a section of shared/spec/aviator.md, or the seed (the vendor's page on its API). */
  source: string
  state: 'done' | 'partial' | 'absent'
  /** What a partial one lacks, or why an absent one is. */
  missing?: string
  /** It mounts itself: it reads bodies in its own way. */
  own?: true
}

/** The endpoints of one vendor resource. */
export type EndpointTable = Record<string, Endpoint>
