import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import { CodeChangelog, ReleaseChangelogQuery } from '#api/changelog.ts'
import { ChangelogEntry, Difference, DiffQuery, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import { Exactly, List, Page, ref, SearchQuery } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import { diffRelease, type Against } from '#app/releases/diff-release.ts'
import { listChangelog } from '#app/releases/list-changelog.ts'
import { listConflicts, type ReleaseConflict as Conflict } from '#app/releases/list-conflicts.ts'
import { listWhereabouts } from '#app/releases/list-whereabouts.ts'
import { readRelease, type ReleaseNamed } from '#app/releases/read-place.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { invalidField } from '#domain/errors.ts'
import { callerOf } from '../caller.ts'
import { answerChangelog, type Asked } from '../changelog-answer.ts'
import { oneMore, pageOf } from '../page.ts'
import { idField, mostInt4, releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { viewChangelogEntry, viewReleaseConflict, viewWhereabouts } from '../views/release-reading.ts'
import { ById } from './params.ts'

const tags = ['releases']
const one = `${root}/releases/:id`
const EnvironmentName = Type.String({ minLength: 1, maxLength: 200, description: 'An environment by name' })

export function releaseReadingRoutes(server: NativeServer): void {
  server.get(
    `${one}/diff`,
    {
      schema: {
        tags,
        summary: 'How it differs from a revision, from another release, or from what is live',
        params: ById,
        querystring: DiffQuery,
        response: { 200: Page(Difference) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { limit, after, against, change } = request.query
      const rows = await diffRelease(ctx, {
        ...release,
        against: await readAgainst(ctx, release.project_id, against),
        ...{ limit: oneMore(limit), ...(after !== undefined && { after }), ...(change && { change }) },
      })
      return pageOf(
        rows,
        limit,
        (row) => row,
        (row) => row.key,
      )
    },
  )

  server.get(
    `${one}/changelog`,
    {
      schema: {
        tags,
        summary: 'What deploying it to an environment now would bring',
        description:
          'Of content item by item, for an environment. Of code commit by commit, of its newest candidate and as ' +
          '`candidates/{id}/changelog`; without an environment since the release before.',
        params: ById,
        querystring: ReleaseChangelogQuery,
        response: { 200: Type.Unsafe<ItemPage | Readable>(eitherChangelog) },
      },
    },
    async (request, reply) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { environment: name, ...asked } = request.query
      const { project } = await readRelease(ctx, release)
      const { project_id, release_id } = release
      const environment =
        name === undefined ? undefined : await getEnvironmentByName(ctx, { project_id, name })
      if (project.kind === 'code') {
        const against = environment && { environment_id: environment.id }
        return answerChangelog(request, reply, { project_id, of: { release_id }, against }, asked)
      }
      if (!environment) throw invalidField('query.environment', 'required', 'is required of content')
      return pageOfItems(ctx, { ...release, environment_id: environment.id }, asked)
    },
  )

  server.get(
    `${one}/conflicts`,
    {
      schema: {
        tags,
        summary: 'What else touches its items, or stands against them',
        params: ById,
        querystring: SearchQuery({ environment: Type.Optional(EnvironmentName) }),
        response: { 200: Page(ReleaseConflict) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { limit, after, environment: name } = request.query
      const { project_id } = release
      const environment =
        name === undefined ? undefined : await getEnvironmentByName(ctx, { project_id, name })
      const page = { limit: oneMore(limit), ...(after !== undefined && { after: readPlace(after) }) }
      const rows = await listConflicts(ctx, { ...release, environment_id: environment?.id, ...page })
      return pageOf(rows, limit, viewReleaseConflict, showPlace)
    },
  )

  server.get(
    `${one}/whereabouts`,
    {
      schema: {
        tags,
        summary: 'Where it is: wholly, partly or not in each environment',
        params: ById,
        querystring: Exactly({
          revision: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: mostInt4,
              description: 'One of its revisions, by number, instead of the release as it is now',
            }),
          ),
        }),
        response: { 200: List(Whereabouts) },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const { revision } = request.query
      const rows = await listWhereabouts(ctx, { ...(await releaseAt(ctx, request.params)), revision })
      return { items: rows.map(viewWhereabouts), next: null }
    },
  )
}

type ItemPage = { items: ChangelogEntry[]; next: string | null }
const eitherChangelog = Type.Union([Page(ChangelogEntry), ref(CodeChangelog)])

async function pageOfItems(
  ctx: Context,
  place: ReleaseNamed & { environment_id: string },
  { limit = 50, after, format = 'json' }: Asked,
): Promise<ItemPage> {
  if (limit > 200) throw invalidField('query.limit', 'invalid', 'must be <= 200')
  if (format !== 'json') throw invalidField('query.format', 'invalid', 'is json where items are told')
  const page = { limit: oneMore(limit), ...(after !== undefined && { after }) }
  const rows = await listChangelog(ctx, { ...place, ...page })
  return pageOf(rows, limit, viewChangelogEntry, (row) => row.key)
}

async function readAgainst(ctx: Context, project_id: string, against: string): Promise<Against> {
  if (against.startsWith('live:')) {
    const { id } = await getEnvironmentByName(ctx, { project_id, name: against.slice('live:'.length) })
    return { environment_id: id }
  }
  if (against.startsWith('rel_')) return { release_id: idField('release', 'query.against', against) }
  return { revision_id: idField('revision', 'query.against', against) }
}

/** Key, code and the other side, parted by what no key has. */
function showPlace({ place }: Conflict): string {
  return [place.key, place.code, place.other].join('\n')
}

function readPlace(after: string): Conflict['place'] {
  const [key, code, other, more] = after.split('\n')
  if (key === undefined || code === undefined || other === undefined || more !== undefined)
    throw invalidField('query.after', 'invalid', 'is not the `next` of a page')
  return { key, code, other }
}
