import { Type } from 'typebox'
import { CatalogueItem, CatalogueQuery, Commit, Fetched } from '#api/catalogue.ts'
import { Repository } from '#api/repository.ts'
import { Page, ref } from '#api/schema.ts'
import { listCatalogue } from '#app/catalogue/list-catalogue.ts'
import { getCommit, listCommits } from '#app/catalogue/list-commits.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { fetchRepository } from '#app/repositories/fetch-repository.ts'
import { findRepositoryOf } from '#app/repositories/open-repository.ts'
import { invalidField } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCatalogueItem } from '../views/release-reading.ts'
import { viewCommit, viewReleasableCommit } from '../views/commit.ts'
import { viewRepository } from '../views/repository.ts'
import { ByKey } from './params.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })
const ByKeyAndSha = Type.Object({ key: Text, sha: Text })

export function catalogueRoutes(server: NativeServer): void {
  const tags = ['catalogue']
  const one = `${root}/projects/:key`

  server.get(
    `${one}/catalogue`,
    {
      schema: {
        tags,
        summary: 'What can be released, with where it is live: content by key, commits from the newest on',
        params: ByKey,
        querystring: CatalogueQuery,
        response: { 200: Page(CatalogueItem) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id, kind } = await projectAt(ctx, request.params)
      const { limit, all, ...search } = request.query
      if (kind === 'code') {
        for (const key of ['kind', 'locale'] as const)
          if (search[key] !== undefined) throw invalidField(`query.${key}`, 'invalid', 'is for content')
        const page = await listCommits(ctx, { project_id, ...search, all, limit })
        return { ...page, items: page.items.map(viewReleasableCommit) }
      }
      if (all !== undefined) throw invalidField('query.all', 'invalid', 'is for code')
      const rows = await listCatalogue(ctx, { project_id, ...search, limit: oneMore(limit) })
      return pageOf(rows, limit, viewCatalogueItem, (row) => row.key)
    },
  )

  server.get(
    `${one}/commits/:sha`,
    {
      schema: {
        tags,
        summary: 'A commit, by its 7 to 40 first digits; fetched where it is not known yet',
        params: ByKeyAndSha,
        response: { 200: ref(Commit) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      return viewCommit(await getCommit(ctx, { project_id, commit: request.params.sha }))
    },
  )

  server.get(
    `${one}/repository`,
    {
      schema: {
        tags,
        summary: 'What a project of code releases from, how and when, as headgate.yaml says it',
        params: ByKey,
        response: { 200: ref(Repository) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const found = await findRepositoryOf(ctx, project_id)
      return viewRepository(found, await listEnvironments(ctx, { project_id }))
    },
  )

  server.post(
    `${one}/fetch`,
    {
      schema: {
        tags,
        summary: 'Fetch the repository now, and say where its branch stands',
        params: ByKey,
        response: { 200: Fetched },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { repository, settings, head } = await fetchRepository(ctx, { project_id })
      const { sha: commit = null, branch = settings.branch } = head ?? {}
      return { repository: repository.name, branch, commit }
    },
  )
}
