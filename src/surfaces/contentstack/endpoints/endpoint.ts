/**
 * The vendor's modules: what the scope of a management token names, with read or write for each (section 1.4). `stack`
 * and `token` are none of them: every token reads its own stack, and none reaches what is the stack's owner's.
 */
export type Module =
  | 'asset'
  | 'audit_logs'
  | 'branch'
  | 'content_type'
  | 'entry'
  | 'environment'
  | 'global_field'
  | 'label'
  | 'locale'
  | 'publish_queue'
  | 'release'
  | 'role'
  | 'stack'
  | 'token'
  | 'webhook'
  | 'workflow'

interface Named {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** After `/v3`, in Fastify's notation. */
  path: string
  /** Where it is described: a section of shared/spec/contentstack.md, or the seed (the vendor's page on releases). */
  source: string
  state: 'done' | 'partial' | 'absent'
  /** What a partial one lacks. */
  missing?: string
  /** Served by another host of the vendor: listed, not mounted. */
  elsewhere?: boolean
}

/**
 * What an endpoint asks of the caller: `nothing`, a `user` (authtoken), a `stack` (api_key, and authtoken or
 * management token), `delivery` (api_key and access_token), or `file` (the address itself is the secret).
 */
type Needs =
  | { needs: 'nothing' | 'user' | 'delivery' | 'file' }
  | {
      needs: 'stack'
      /** What a management token's scope has to name; of several, one is enough. */
      module: Module | readonly Module[]
      /** Whether it changes something although it is a GET. Every other method does. */
      writes?: true
    }

/** One endpoint of the vendor, built or not. The list of them is the surface's whole promise. */
export type Endpoint = Named & Needs

/** The endpoints of one vendor resource. */
export type EndpointTable = Record<string, Endpoint>
