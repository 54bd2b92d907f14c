/** One endpoint of the vendor, built or not. The list of them is the surface's whole promise. */
export interface Endpoint {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** In Fastify's notation. */
  path: string
  /** Where it is described: a section of shared/spec/facets.md, or a seed (a page of the vendor's documentation). */
  source: string
  state: 'done' | 'partial' | 'absent'
  /** What a partial one lacks, or why an absent one is. */
  missing?: string
  /** Asked without credentials. */
  open?: true
}

/** The endpoints of one vendor resource. */
export type EndpointTable = Record<string, Endpoint>
