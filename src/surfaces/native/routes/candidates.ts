import { Type } from 'typebox'
import { BuildRequest, Candidate, candidateStates, Cut } from '#api/candidate.ts'
import { OneOf, Page, SearchQuery, ref } from '#api/schema.ts'
import { cutCandidate } from '#app/candidates/cut-candidate.ts'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { listCandidates } from '#app/candidates/list-candidates.ts'
import { rebuildCandidate } from '#app/candidates/rebuild-candidate.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import type { Context } from '#app/context.ts'
import { callerOf } from '../caller.ts'
import { tag } from '../entity-tag.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterNumber, idField, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCandidate } from '../views/candidate.ts'
import { ById, ByKey } from './params.ts'

const tags = ['candidates']

const CandidateSearch = SearchQuery({
  release: Type.Optional(
    Type.String({ minLength: 1, maxLength: 64, description: 'Only of this, by its id' }),
  ),
  state: Type.Optional(OneOf(candidateStates)),
  commit: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{40}$', description: 'Only of this, by its full id' }),
  ),
})

export function candidateRoutes(server: NativeServer): void {
  server.post(
    `${root}/projects/:key/cut`,
    {
      schema: {
        ...{ tags, summary: 'Cut a release candidate: the head of a branch, or a commit, under a version' },
        description: 'The same version of the same commit is the candidate that is there, answered with 200.',
        ...{ params: ByKey, body: Type.Optional(Cut) },
        response: { 200: ref(Candidate), 201: ref(Candidate) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { deploy_to: name, ...asked } = request.body ?? {}
      const deploy_to = await environmentOf(ctx, project_id, name)
      const { candidate, created } = await cutCandidate(ctx, {
        ...{ ...asked, project_id },
        ...(deploy_to === undefined ? {} : { deploy_to }),
      })
      const made = viewCandidate(candidate)
      if (!created) return reply.code(200).send(made)
      return reply.code(201).header('location', `${root}/candidates/${made.id}`).send(made)
    },
  )

  server.get(
    `${root}/projects/:key/candidates`,
    {
      schema: {
        ...{ tags, summary: 'Release candidates, newest first' },
        ...{ params: ByKey, querystring: CandidateSearch, response: { 200: Page(Candidate) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const { limit, after, release, state, commit: commit_sha } = request.query
      const before = afterNumber(after)
      const rows = await listCandidates(ctx, {
        ...{ project_id, limit: oneMore(limit) },
        ...(before === undefined ? {} : { before }),
        ...(release === undefined ? {} : { release_id: idField('release', 'query.release', release) }),
        ...(state === undefined ? {} : { state }),
        ...(commit_sha === undefined ? {} : { commit_sha }),
      })
      return pageOf(rows, limit, viewCandidate, ({ ordinal }) => String(ordinal))
    },
  )

  server.get(
    `${root}/candidates/:id`,
    { schema: { tags, summary: 'A release candidate', params: ById, response: { 200: ref(Candidate) } } },
    async (request, reply) => {
      const candidate_id = idIn('candidate', request.params.id)
      const candidate = await getCandidate(callerOf(request), { candidate_id })
      tag(reply, candidate.version_number)
      return viewCandidate(candidate)
    },
  )

  server.post(
    `${root}/candidates/:id/build`,
    {
      schema: {
        ...{ tags, summary: 'Build it once more; until that has ended it is not deployed' },
        ...{ params: ById, body: Type.Optional(BuildRequest), response: { 200: ref(Candidate) } },
      },
    },
    async (request) => {
      const candidate_id = idIn('candidate', request.params.id)
      const { reason } = request.body ?? {}
      return viewCandidate(await rebuildCandidate(callerOf(request), { candidate_id, reason }))
    },
  )
}

/** Null: nowhere. Undefined: as the project says. Throws `not_found`. */
async function environmentOf(
  ctx: Context,
  project_id: string,
  name: string | null | undefined,
): Promise<string | null | undefined> {
  if (typeof name !== 'string') return name
  return (await getEnvironmentByName(ctx, { project_id, name })).id
}
