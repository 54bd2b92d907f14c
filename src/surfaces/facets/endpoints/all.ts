import { account } from './account.ts'
import { artifacts } from './artifacts.ts'
import { beside } from './beside.ts'
import { clusters } from './clusters.ts'
import { deployments } from './deployments.ts'
import type { EndpointTable } from './endpoint.ts'
import { queue } from './queue.ts'
import { resources } from './resources.ts'
import { stacks } from './stacks.ts'

/** Every endpoint that the specification names, by the vendor's resources. */
export const allEndpoints = {
  deployments,
  queue,
  clusters,
  stacks,
  resources,
  artifacts,
  account,
  beside,
} as const satisfies Record<string, EndpointTable>
