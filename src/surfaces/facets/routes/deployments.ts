import type { deployments } from '../endpoints/deployments.ts'
import type { Routes } from '../route.ts'
import { actRoutes } from './act-on-releases.ts'
import { readRoutes } from './read-releases.ts'
import { requestRoutes } from './request-releases.ts'

export const deploymentRoutes: Routes<typeof deployments> = {
  ...requestRoutes,
  ...readRoutes,
  ...actRoutes,
}
