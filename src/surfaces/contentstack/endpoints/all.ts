import type { EndpointTable } from './endpoint.ts'
import { assets } from './assets.ts'
import { auditLogs } from './audit-logs.ts'
import { branches } from './branches.ts'
import { bulk } from './bulk.ts'
import { contentTypes } from './content-types.ts'
import { delivery } from './delivery.ts'
import { entries } from './entries.ts'
import { environments } from './environments.ts'
import { globalFields } from './global-fields.ts'
import { labels } from './labels.ts'
import { locales } from './locales.ts'
import { organizations } from './organizations.ts'
import { personalize } from './personalize.ts'
import { previewTokens } from './preview-tokens.ts'
import { publishQueue } from './publish-queue.ts'
import { releases } from './releases.ts'
import { roles } from './roles.ts'
import { session } from './session.ts'
import { stacks } from './stacks.ts'
import { deliveryTokens, managementTokens } from './tokens.ts'
import { variants } from './variants.ts'
import { webhooks } from './webhooks.ts'
import { workflows } from './workflows.ts'

/** Every endpoint that the specification names, by the vendor's resources. */
export const allEndpoints = {
  session,
  organizations,
  stacks,
  branches,
  'management tokens': managementTokens,
  'delivery tokens': deliveryTokens,
  'preview tokens': previewTokens,
  locales,
  environments,
  'content types': contentTypes,
  entries,
  'entry variants': variants,
  assets,
  releases,
  bulk,
  'publish queue': publishQueue,
  delivery,
  webhooks,
  workflows,
  roles,
  labels,
  'global fields': globalFields,
  'audit log': auditLogs,
  personalize,
} as const satisfies Record<string, EndpointTable>
