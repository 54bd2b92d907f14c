/** One endpoint of the vendor, built or not. The list of them is the surface's whole promise. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** After `/v3`, in Fastify's notation. */
  path: string
  /**
   * What it asks of the caller: `nothing`, a `user` (authtoken), a `stack` (api_key, and authtoken or management
   * token), `delivery` (api_key and access_token), or `file` (the address itself is the secret).
   */
  needs: 'nothing' | 'user' | 'stack' | 'delivery' | 'file'
  /** Where it is described: a section of shared/spec/contentstack.md, or the seed (the vendor's page on releases). */
  source: string
  state: 'done' | 'partial' | 'absent'
  /** What a partial one lacks. */
  missing?: string
  /** Served by another host of the vendor: listed, not mounted. */
  elsewhere?: boolean
}

/** The endpoints of one vendor resource. */
export type EndpointTable = Record<string, Endpoint>
