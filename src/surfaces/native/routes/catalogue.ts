import { CatalogueItem, CatalogueQuery } from '#api/catalogue.ts'
import { Page } from '#api/schema.ts'
import { listCatalogue } from '#app/catalogue/list-catalogue.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCatalogueItem } from '../views/release-reading.ts'
import { ByKey } from './params.ts'

export function catalogueRoutes(server: NativeServer): void {
  server.get(
    `${root}/projects/:key/catalogue`,
    {
      schema: {
        tags: ['catalogue'],
        summary: 'What can be released, by key, with where it is live',
        params: ByKey,
        querystring: CatalogueQuery,
        response: { 200: Page(CatalogueItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { limit, ...search } = request.query
      const rows = await listCatalogue(ctx, { project_id, ...search, limit: oneMore(limit) })
      return pageOf(rows, limit, viewCatalogueItem, (row) => row.key)
    },
  )
}
