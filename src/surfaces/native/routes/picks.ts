import { Candidate } from '#api/candidate.ts'
import {
  Acceptance,
  CandidateChange,
  Pick,
  PickAnswer,
  PickPreview,
  PickQuery,
  PickRequest,
} from '#api/pick.ts'
import { List, ref } from '#api/schema.ts'
import { Type } from 'typebox'
import { acceptResolution } from '#app/picks/accept-resolution.ts'
import { dropCandidate } from '#app/picks/drop-candidate.ts'
import { listPicksOfCandidate } from '#app/picks/list-picks.ts'
import { pickAgain } from '#app/picks/pick-again.ts'
import { previewPick } from '#app/picks/preview-pick.ts'
import { requestPick } from '#app/picks/request-pick.ts'
import { callerOf } from '../caller.ts'
import { idIn, projectAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewCandidate } from '../views/candidate.ts'
import { viewPick, viewPickedInto, viewPreview } from '../views/pick.ts'
import { ById, ByKey } from './params.ts'

const tags = ['candidates']

export function pickRoutes(server: NativeServer): void {
  server.post(
    `${root}/projects/:key/pick`,
    {
      schema: {
        ...{ tags, summary: 'Pick commits into a candidate’s release and into newer ones' },
        description:
          'For each the next candidate is reserved, and made outside the request. What has it already is said, and no number is used.',
        ...{ params: ByKey, body: PickRequest, response: { 202: PickAnswer } },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      const answers = await requestPick(ctx, { ...request.body, project_id })
      return reply.code(202).send({ items: answers.map(viewPickedInto), next: null })
    },
  )

  server.get(
    `${root}/projects/:key/pick`,
    {
      schema: {
        ...{ tags, summary: 'What a commit or a pull request could be picked into' },
        ...{ params: ByKey, querystring: PickQuery, response: { 200: ref(PickPreview) } },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { id: project_id } = await projectAt(ctx, request.params)
      return viewPreview(await previewPick(ctx, { ...request.query, project_id }))
    },
  )

  server.get(
    `${root}/candidates/:id/picks`,
    {
      schema: {
        ...{ tags, summary: 'What was picked into a candidate, or is to be, or is in it without' },
        ...{ params: ById, response: { 200: List(Pick) } },
      },
    },
    async (request) => {
      const candidate_id = idIn('candidate', request.params.id)
      const rows = await listPicksOfCandidate(callerOf(request), { candidate_id })
      return { items: rows.map(viewPick), next: null }
    },
  )

  server.post(
    `${root}/candidates/:id/accept`,
    {
      schema: {
        ...{ tags, summary: 'Take what somebody made of a conflict as the candidate’s commit' },
        ...{ params: ById, body: Type.Optional(Acceptance), response: { 200: ref(Candidate) } },
      },
    },
    async (request) => {
      const candidate_id = idIn('candidate', request.params.id)
      return viewCandidate(await acceptResolution(callerOf(request), { ...request.body, candidate_id }))
    },
  )

  const changes = [
    ['drop', 'Give up a candidate that never got its commit; its number stays used', dropCandidate],
    ['pick-again', 'Pick once more what failed, or push what could not be pushed', pickAgain],
  ] as const
  for (const [verb, summary, change] of changes)
    server.post(
      `${root}/candidates/:id/${verb}`,
      {
        schema: {
          ...{ tags, summary, params: ById, body: Type.Optional(CandidateChange) },
          response: { 200: ref(Candidate) },
        },
      },
      async (request) => {
        const candidate_id = idIn('candidate', request.params.id)
        return viewCandidate(await change(callerOf(request), { ...request.body, candidate_id }))
      },
    )
}
