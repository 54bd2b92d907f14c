import { sql } from 'kysely'
import type { Db } from '#store/database.ts'
import { openPlace, type FreshPlace } from '../test/fresh-store.ts'
import { call } from '../test/recovery/client.ts'
import { startServer } from '../test/server-process.ts'
import { median, type Figure } from './figure.ts'
import { fillCode } from './fill-code.ts'
import { printAlone } from './print-alone.ts'

const releases = 10_000
const page = 50

/** What a dashboard shows of a project. */
const document = /* GraphQL */ `
  query Page($project: String!, $first: Int!) {
    releaseProject(name: $project) {
      id
      name
      releases(first: $first) {
        pageInfo {
          hasNextPage
          endCursor
        }
        nodes {
          id
          version
          createdAt
          candidates(first: 5) {
            nodes {
              id
              version
              number
              commit
              state
              buildStatus
              createdAt
              deployments(first: 5) {
                nodes {
                  id
                  status
                  actor
                  deployStartAt
                  deployEndAt
                  environment {
                    id
                    name
                    tier
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`

interface Answered {
  data?: { releaseProject: { releases: { nodes: { candidates: { nodes: unknown[] } }[] } } }
  errors?: unknown
}

/** A page of releases with all that belongs to them by GraphQL, beside its rows by one statement; in turns. */
export async function measureGraphql(place: FreshPlace, { rounds = 100 } = {}): Promise<Figure[]> {
  await (await startServer(place)).stop()
  const store = await openPlace(place)
  const server = await fillCode(store.db, { key: 'shop', releases }).then(() => startServer(place))
  try {
    const ask = async () => {
      const variables = { project: 'shop', first: page }
      const { data, errors } = await call<Answered>(server.url, 'POST', '/graphql', {
        query: document,
        variables,
      })
      if (errors || data?.releaseProject.releases.nodes.length !== page)
        throw new Error(`GraphQL answered ${JSON.stringify(errors)}`)
    }
    const times: [number[], number[]] = [[], []]
    for (let n = 0; n < rounds + 30; n += 1)
      for (const [which, work] of [ask, () => rawPage(store.db)].entries()) {
        const began = performance.now()
        await work()
        if (n >= 30) times[which]!.push(performance.now() - began)
      }
    const [ours, raw] = times.map(median) as [number, number]
    return [
      {
        what: `A page of ${page} of ${releases.toLocaleString('en')} releases with candidates, deployments and environments by GraphQL, median`,
        ...{ store: 'postgres', ours, unit: 'ms' },
        reference: { what: 'its rows by one raw statement', value: raw },
        goal: { words: 'under 15 ms', met: ours < 15 },
      },
    ]
  } finally {
    await server.stop()
    await store.close()
  }
}

async function rawPage(db: Db): Promise<void> {
  const { rows } = await sql`
    select release.id, release.name, release.created_at, candidate.id as candidate, candidate.version, candidate.number,
      commit_sha, candidate.state, candidate.created_at as cut_at, deployment.id as deployment, deployment.state as went,
      requested_at, finished_at, email, environment.id as environment, environment.name as place, tier
    from (select release.* from release join project on project.id = project_id
      where key = 'shop' and not one_shot and removed_at is null order by release.id desc limit ${page}) release
    join candidate on candidate.release_id = release.id
    left join deployment on deployment.revision_id = candidate.revision_id
    left join environment on environment.id = environment_id
    left join "user" on "user".id = requested_by
    order by release.id desc, candidate.number desc, deployment.id desc
  `.execute(db)
  if (rows.length < page) throw new Error('the reference read less than the page')
}

if (import.meta.main) await printAlone(measureGraphql)
