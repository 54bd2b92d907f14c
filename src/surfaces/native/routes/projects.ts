import { Type } from 'typebox'
import { NewProject, Project, ProjectChange } from '#api/project.ts'
import { Page, PageQuery, ref } from '#api/schema.ts'
import type { ProjectPart } from '#app/configuration/project-part.ts'
import { createProjectOfKind } from '#app/projects/create-project-of-kind.ts'
import { getProjectByKey } from '#app/projects/get-project.ts'
import { listProjects } from '#app/projects/list-projects.ts'
import { removeProject } from '#app/projects/remove-project.ts'
import { updateProject } from '#app/projects/update-project.ts'
import { callerOf } from '../caller.ts'
import { boundVersion } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewProject } from '../views/project.ts'
import { ByKey } from './params.ts'

export function projectRoutes(server: NativeServer, parts: readonly ProjectPart[]): void {
  const tags = ['projects']
  const one = `${root}/projects/:key`

  server.get(
    `${root}/projects`,
    {
      schema: {
        tags,
        summary: 'Projects that the caller may read',
        querystring: PageQuery,
        response: { 200: Page(Project) },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const rows = await listProjects(callerOf(request), { limit: oneMore(limit), after })
      return pageOf(rows, limit, viewProject, (row) => row.key)
    },
  )

  server.post(
    `${root}/projects`,
    { schema: { tags, summary: 'Make a project', body: NewProject, response: { 201: ref(Project) } } },
    async (request, reply) => {
      const { key, name = key, kind, content } = request.body
      const project = await createProjectOfKind(callerOf(request), parts, { key, name, kind }, content)
      return reply.code(201).header('location', `${root}/projects/${key}`).send(viewProject(project))
    },
  )

  server.get(
    one,
    { schema: { tags, summary: 'A project', params: ByKey, response: { 200: ref(Project) } } },
    async (request) => viewProject(await getProjectByKey(callerOf(request), { key: request.params.key })),
  )

  server.patch(
    one,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Change a project',
        params: ByKey,
        body: ProjectChange,
        response: { 200: ref(Project) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id } = await projectAt(ctx, request.params)
      return viewProject(
        await updateProject(ctx, { project_id: id, ...request.body, version: boundVersion(request) }),
      )
    },
  )

  server.delete(
    one,
    {
      config: { versioned: true },
      schema: {
        tags,
        summary: 'Remove a project with all that is in it',
        params: ByKey,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id } = await projectAt(ctx, request.params)
      await removeProject(ctx, { project_id: id, version: boundVersion(request) })
      return reply.code(204).send(null)
    },
  )
}
