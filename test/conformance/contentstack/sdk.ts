import { createRequire } from 'node:module'

// Its own declarations are TypeScript sources that our compiler's options refuse, so that what the tests use of it is
// declared here, as loosely as it is written.
/* oxlint-disable typescript/no-explicit-any */

/** What the SDK makes of an answer: the fields, and what can be done with them. */
export interface Instance {
  [field: string]: any
  uid: string
  notice?: string
  fetch(query?: object): Promise<Instance>
  update(query?: object): Promise<Instance>
  delete(query?: object): Promise<Instance>
}

export interface Page {
  items: Instance[]
  count?: number
}

export interface Collection {
  create(body: object, query?: object): Promise<Instance>
  query(query?: object): { find(): Promise<Page>; findOne(): Promise<Page>; count(): Promise<any> }
}

export type Resource = (uid?: string) => Instance & Collection

/** Those about releases and jobs answer undefined where the server refused. */
export interface BulkOperation {
  addItems(asked: { data: object; bulk_version?: string }): Promise<any>
  updateItems(asked: { data: object; bulk_version?: string }): Promise<any>
  jobStatus(asked: { job_id: string; bulk_version?: string; api_version?: string }): Promise<any>
  getJobItems(job_id: string, params?: object): Promise<any>
  publish(asked: object): Promise<any>
  unpublish(asked: object): Promise<any>
  delete(asked: object): Promise<any>
}

export interface SdkStack extends Instance {
  contentType: Resource
  asset: Resource
  release: Resource
  environment: Resource
  locale: Resource
  deliveryToken: Resource
  managementToken: Resource
  bulkOperation(): BulkOperation
  webhook: Resource
  branch: Resource
  role(uid?: string): Instance & { fetchAll(query?: object): Promise<Page> }
  branchAlias(uid?: string): Instance & {
    createOrUpdate(branch: string): Promise<Instance>
    fetchAll(query?: object): Promise<Page>
  }
  /** Of a stack without a key only. */
  create(body: object, query?: object): Promise<Instance>
  query(query?: object): { find(): Promise<Page> }
  settings(): Promise<any>
  resetSettings(): Promise<any>
  users(): Promise<Instance[]>
}

export interface Sdk {
  login(user: object, query?: object): Promise<{ notice: string; user: Instance }>
  logout(): Promise<{ notice: string }>
  getUser(query?: object): Promise<Instance>
  organization(uid?: string): Instance & {
    fetchAll(query?: object): Promise<Page>
    stacks(query?: object): Promise<Page>
    roles(query?: object): Promise<Page>
  }
  stack(of?: { api_key: string; management_token?: string; branch_uid?: string }): SdkStack
}

const management = createRequire(import.meta.url)('@contentstack/management') as {
  client(options: object): Sdk
}

/** The vendor's management client on our endpoint. */
export function sdkOf(url: string, authtoken?: string): Sdk {
  return management.client({ endpoint: `${url}/v3`, ...(authtoken ? { authtoken } : {}) })
}
