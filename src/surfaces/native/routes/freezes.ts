import { Type } from 'typebox'
import { Freeze, LiftRequest, NewFreeze } from '#api/gates.ts'
import { Page, SearchQuery, ref } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { liftFreeze } from '#app/freezes/lift-freeze.ts'
import { getFreeze, listFreezes } from '#app/freezes/list-freezes.ts'
import { setFreeze, type NewFreeze as FreezeInput } from '#app/freezes/set-freeze.ts'
import { DomainError, invalidField, type FieldFault } from '#domain/errors.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { oneMore, pageOf } from '../page.ts'
import { afterId, environmentAt, idIn, projectAt, timeField } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewFreeze } from '../views/gates.ts'
import { ByKey, ByKeyAndName } from './params.ts'

const tags = ['gates']
const ofProject = `${root}/projects/:key/freeze`
const ofEnvironment = `${root}/projects/:key/environments/:name/freeze`

const FreezeSearch = SearchQuery({
  lifted: Type.Optional(Type.Boolean({ description: 'What was lifted, too' })),
})

interface Place {
  project_id: string
  environment_id?: string
}

async function environmentPlace(ctx: Context, params: { key: string; name: string }): Promise<Place> {
  const { id, project_id } = await environmentAt(ctx, params)
  return { project_id, environment_id: id }
}

async function projectPlace(ctx: Context, params: { key: string }): Promise<Place> {
  return { project_id: (await projectAt(ctx, params)).id }
}

export function freezeRoutes(server: NativeServer): void {
  server.get(
    ofProject,
    {
      schema: {
        tags,
        summary: 'Freezes of a project and of its environments, newest first',
        params: ByKey,
        querystring: FreezeSearch,
        response: { 200: Page(Freeze) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return list(ctx, await projectPlace(ctx, request.params), request.query)
    },
  )

  server.get(
    ofEnvironment,
    {
      schema: {
        tags,
        summary: 'Freezes of an environment and of its whole project, newest first',
        params: ByKeyAndName,
        querystring: FreezeSearch,
        response: { 200: Page(Freeze) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      return list(ctx, await environmentPlace(ctx, request.params), request.query)
    },
  )

  server.post(
    ofProject,
    {
      schema: {
        tags,
        summary: 'Freeze every environment of a project: an emergency stop, or windows that recur',
        params: ByKey,
        body: NewFreeze,
        response: { 201: ref(Freeze) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const made = await set(ctx, await projectPlace(ctx, request.params), request.body)
      const location = `${root}/projects/${request.params.key}/freeze/${made.id}`
      return reply.code(201).header('location', location).send(made)
    },
  )

  server.post(
    ofEnvironment,
    {
      schema: {
        tags,
        summary: 'Freeze an environment: an emergency stop, or windows that recur',
        params: ByKeyAndName,
        body: NewFreeze,
        response: { 201: ref(Freeze) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const made = await set(ctx, await environmentPlace(ctx, request.params), request.body)
      const location = `${root}/projects/${request.params.key}/freeze/${made.id}`
      return reply.code(201).header('location', location).send(made)
    },
  )
  oneFreeze(server)
}

const ByKeyAndFreeze = Type.Object({ key: Type.String(), id: Type.String() })
const ByKeyNameAndFreeze = Type.Object({ key: Type.String(), name: Type.String(), id: Type.String() })

function oneFreeze(server: NativeServer): void {
  server.get(
    `${ofProject}/:id`,
    { schema: { tags, summary: 'A freeze', params: ByKeyAndFreeze, response: { 200: ref(Freeze) } } },
    async (request) => {
      const ctx = callerOf(request)
      const { project_id } = await projectPlace(ctx, request.params)
      return viewFreeze(await getFreeze(ctx, { project_id, freeze_id: idIn('freeze', request.params.id) }))
    },
  )

  const lifting = { tags, summary: 'Lift a freeze; one of headgate.yaml comes back with the next apply' }
  server.delete(
    `${ofProject}/:id`,
    {
      schema: { ...lifting, params: ByKeyAndFreeze, body: LiftRequest, response: { 200: ref(Freeze) } },
    },
    async (request) => {
      const ctx = callerOf(request)
      return lift(ctx, await projectPlace(ctx, request.params), request.params.id, request.body.reason)
    },
  )

  server.delete(
    `${ofEnvironment}/:id`,
    {
      schema: { ...lifting, params: ByKeyNameAndFreeze, body: LiftRequest, response: { 200: ref(Freeze) } },
    },
    async (request) => {
      const ctx = callerOf(request)
      return lift(ctx, await environmentPlace(ctx, request.params), request.params.id, request.body.reason)
    },
  )
}

async function list(ctx: Context, place: Place, query: { limit: number; after?: string; lifted?: boolean }) {
  const { limit, after, lifted } = query
  const page = { limit: oneMore(limit), before: afterId('freeze', after) }
  const rows = await listFreezes(ctx, { ...place, lifted, ...page })
  return pageOf(rows, limit, viewFreeze, (row) => showId('freeze', row.id))
}

async function set(ctx: Context, place: Place, body: NewFreeze): Promise<Freeze> {
  const { kind, name, reason, expires_at, ...rule } = body
  const given: FreezeInput = {
    ...place,
    ...{ name, reason },
    ...(expires_at !== undefined && { expires_at: timeField('expires_at', expires_at) }),
  }
  if (kind === 'window') return viewFreeze(await setFreeze(ctx, { ...given, rule: wholeRule(rule) }))
  const [stray] = Object.keys(rule)
  if (stray !== undefined)
    throw invalidField(stray, 'invalid', 'belongs to a window, not to an emergency stop')
  return viewFreeze(await setFreeze(ctx, given))
}

function wholeRule(
  rule: Pick<NewFreeze, 'rrule' | 'start' | 'duration_minutes' | 'time_zone' | 'starts_on'>,
) {
  const { rrule, start, duration_minutes, time_zone, starts_on } = rule
  if (rrule !== undefined && start !== undefined && duration_minutes !== undefined && time_zone !== undefined)
    return { rrule, start, duration_minutes, time_zone, ...(starts_on === undefined ? {} : { starts_on }) }
  const faults = Object.entries({ rrule, start, duration_minutes, time_zone }).flatMap(
    ([field, value]): FieldFault[] =>
      value === undefined ? [{ field, fault: 'required', detail: 'is missing' }] : [],
  )
  throw new DomainError('invalid', { faults })
}

async function lift(ctx: Context, { project_id, environment_id }: Place, shown: string, reason: string) {
  const freeze_id = idIn('freeze', shown)
  const freeze = await getFreeze(ctx, { project_id, freeze_id })
  if (environment_id !== undefined && freeze.environment_id !== environment_id)
    throw new DomainError('not_found', { what: 'freeze', id: shown })
  return viewFreeze(await liftFreeze(ctx, { project_id, freeze_id, reason }))
}
