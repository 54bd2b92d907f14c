import { account } from './account.ts'
import { deployments } from './deployments.ts'
import type { EndpointTable } from './endpoint.ts'
import { graphql } from './graphql.ts'
import { releases } from './releases.ts'
import { sync } from './sync.ts'
import { webhooks } from './webhooks.ts'

/** Every endpoint that the specification names, by the vendor's resources. */
export const allEndpoints = {
  releases,
  deployments,
  'workflow runs': sync,
  webhooks,
  graphql,
  account,
} as const satisfies Record<string, EndpointTable>
