import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import {
  CandidateChangelogQuery,
  CodeChangelog,
  CommitPlaces,
  ProjectChangelogQuery,
} from '#api/changelog.ts'
import { Exactly, ref } from '#api/schema.ts'
import { getCandidate } from '#app/candidates/get-candidate.ts'
import { findCommitPlaces } from '#app/changelog/find-commit-places.ts'
import type { SpanNamed } from '#app/changelog/read-changelog.ts'
import type { Context } from '#app/context.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { invalidField } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { answerChangelog } from '../changelog-answer.ts'
import { idField, idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCommitPlaces } from '../views/changelog.ts'
import { ById, ByKey } from './params.ts'

const description =
  'Commits that one has and the other has not, newest first, without those whose change both have (picked, by the ' +
  'trailer of `git cherry-pick -x` or by its patch); then those that go. With `Accept: text/markdown` or ' +
  '`format=markdown` as Markdown, grouped by Conventional Commits.'

const ContainsQuery = Exactly({
  commit: Type.String({ minLength: 7, maxLength: 40, description: '7 to 40 digits of its id' }),
})

export function changelogRoutes(server: NativeServer): void {
  const answers = { 200: Type.Unsafe<CodeChangelog | Readable>(ref(CodeChangelog)) }
  server.get(
    `${root}/candidates/:id/changelog`,
    {
      exposeHeadRoute: false,
      schema: {
        ...{
          tags: ['releases'],
          summary: 'What it brings where another one is, or into an environment',
          description,
        },
        ...{ params: ById, querystring: CandidateChangelogQuery, response: answers },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { environment, against: said, ...asked } = request.query
      if (environment !== undefined && said !== undefined)
        throw invalidField('query.against', 'invalid', 'says the same as `environment`: one of them')
      const candidate_id = idIn('candidate', request.params.id)
      const { project_id } = await getCandidate(ctx, { candidate_id })
      const text = environment === undefined ? said : `live:${environment}`
      const against = await againstIn(ctx, project_id, text, 'against')
      return answerChangelog(request, reply, { project_id, of: { candidate_id }, against }, asked)
    },
  )

  server.get(
    `${root}/projects/:key/changelog`,
    {
      exposeHeadRoute: false,
      schema: {
        ...{
          tags: ['releases'],
          summary: 'What came between two candidates, releases or commits',
          description,
        },
        ...{ params: ByKey, querystring: ProjectChangelogQuery, response: answers },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { from, to = 'head', ...asked } = request.query
      const { id: project_id } = await projectAt(ctx, request.params)
      const against = await againstIn(ctx, project_id, from, 'from')
      const of = to === 'head' ? to : pointIn(to, 'to')
      return answerChangelog(request, reply, { project_id, of, against }, asked)
    },
  )

  server.get(
    `${root}/projects/:key/contains`,
    {
      schema: {
        tags: ['releases'],
        summary: 'Where a commit is: the candidates that have it or its change, and where they are live',
        params: ByKey,
        querystring: ContainsQuery,
        response: { 200: ref(CommitPlaces) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      return viewCommitPlaces(await findCommitPlaces(ctx, { project_id, commit: request.query.commit }))
    },
  )
}

async function againstIn(
  ctx: Context,
  project_id: string,
  text: string | undefined,
  field: string,
): Promise<SpanNamed['against']> {
  if (text === undefined) return undefined
  if (!text.startsWith('live:')) return pointIn(text, field)
  const { id } = await getEnvironmentByName(ctx, { project_id, name: text.slice('live:'.length) })
  return { environment_id: id }
}

function pointIn(text: string, field: string) {
  if (text.startsWith('cnd_')) return { candidate_id: idField('candidate', `query.${field}`, text) }
  if (text.startsWith('rel_')) return { release_id: idField('release', `query.${field}`, text) }
  return { named: text, field: `query.${field}` }
}
