import {
  ContentsQuery,
  MissingFix,
  MissingQuery,
  MissingReferences,
  ReaderChange,
  ReleaseContentsQuery,
} from '#api/release-contents.ts'
import { ReleaseItem } from '#api/release.ts'
import { List, Page } from '#api/schema.ts'
import {
  listDeploymentContents,
  listPlanContents,
  listReleaseContents,
} from '#app/deployments/list-contents.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { addMissingReferences } from '#app/releases/add-missing-references.ts'
import { listMissingReferences } from '#app/releases/list-missing-references.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, idIn, releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { ById } from './params.ts'

/** What readers will see of a release before it is deployed, and what they will not find. */
export function releaseContentsRoutes(server: NativeServer): void {
  contentsRoutes(server)
  missingRoutes(server)
}

function contentsRoutes(server: NativeServer): void {
  const answer = { params: ById, response: { 200: Page(ReaderChange) } }
  const tags = ['deployments']

  server.get(
    `${root}/plans/:id/contents`,
    {
      schema: {
        ...{ tags, summary: 'What readers would see of a plan, field by field' },
        ...{ ...answer, querystring: ContentsQuery },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const plan_id = idIn('plan', request.params.id)
      const rows = await listPlanContents(callerOf(request), { plan_id, limit: oneMore(limit), after })
      return pageOf(rows, limit, same, nameOf)
    },
  )

  server.get(
    `${root}/deployments/:id/contents`,
    {
      schema: {
        ...{ tags, summary: 'What readers see of its plan, field by field' },
        ...{ ...answer, querystring: ContentsQuery },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const page = { limit: oneMore(limit), after }
      const deployment_id = idIn('deployment', request.params.id)
      const rows = await listDeploymentContents(callerOf(request), { deployment_id, ...page })
      return pageOf(rows, limit, same, nameOf)
    },
  )

  server.get(
    `${root}/releases/:id/contents`,
    {
      schema: {
        ...{ tags: ['releases'], summary: 'What readers of an environment would see of it as it is now' },
        ...{ ...answer, querystring: ReleaseContentsQuery },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { limit, after, environment: name } = request.query
      const { id } = await getEnvironmentByName(ctx, { project_id: release.project_id, name })
      const page = { limit: oneMore(limit), after }
      const rows = await listReleaseContents(ctx, { ...release, environment_id: id, ...page })
      return pageOf(rows, limit, same, nameOf)
    },
  )
}

const same = <T>(row: T): T => row
const nameOf = ({ item }: { item: string }) => item

function missingRoutes(server: NativeServer): void {
  const tags = ['releases']
  const url = `${root}/releases/:id/missing-references`

  server.get(
    url,
    {
      schema: {
        tags,
        summary: 'What its items refer to and readers of an environment would not find',
        params: ById,
        querystring: MissingQuery,
        response: { 200: MissingReferences },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { limit, environment: name } = request.query
      const skip = afterNumber(request.query.after) ?? 0
      const { id } = await getEnvironmentByName(ctx, { project_id: release.project_id, name })
      const { missing, complete } = await listMissingReferences(ctx, { ...release, environment_id: id })
      const rows = missing.slice(skip, skip + oneMore(limit))
      return { ...pageOf(rows, limit, same, () => String(skip + limit)), complete }
    },
  )

  server.post(
    url,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Add what is missing and can be added, at its latest version; answers with what was added',
        params: ById,
        body: MissingFix,
        response: { 200: List(ReleaseItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { environment: name } = request.body
      const { id } = await getEnvironmentByName(ctx, { project_id: release.project_id, name })
      const version = boundVersion(request)
      const items = await addMissingReferences(ctx, {
        ...{ ...release, environment_id: id },
        ...(version !== undefined && { version }),
      })
      return { items, next: null }
    },
  )
}
