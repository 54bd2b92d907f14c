import { placeAfter, readChangelogAfter } from '#app/changelog/read-changelog.ts'
import type { Base, Change, Point, SpanNamed } from '#app/changelog/read-changelog.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { builder } from '../builder.ts'
import type { Caller } from '../caller.ts'
import { ChangeGroup, ChangelogBaseKind } from '../enums.ts'
import { defaultPage, historyCost, mostOnPage } from '../limits.ts'
import { CandidateRef, EnvironmentRef, ProjectRef, ReleaseRef } from '../refs.ts'
import { userError } from '../user-error.ts'
import { PullRequestRef } from './pull-request.ts'

const EntryRef = builder.objectRef<Change>('ChangelogEntry').implement({
  description: 'One commit that comes, or goes.',
  fields: (t) => ({
    removed: t.boolean({
      description: 'It was there, and is not any more.',
      resolve: ({ change }) => change === 'removed',
    }),
    commit: t.exposeString('sha'),
    shortCommit: t.exposeString('short_sha'),
    title: t.exposeString('subject'),
    description: t.exposeString('description', { description: 'The title without type and scope.' }),
    type: t.exposeString('type', { nullable: true, description: 'As Conventional Commits say it.' }),
    scope: t.exposeString('scope', { nullable: true }),
    group: t.field({ type: ChangeGroup, resolve: ({ group }) => group }),
    breaking: t.exposeBoolean('breaking'),
    breakingNote: t.exposeString('breaking_note', { nullable: true }),
    authorName: t.string({ resolve: ({ author }) => author.name }),
    authorEmail: t.string({ resolve: ({ author }) => author.email }),
    committedAt: t.expose('committed_at', { type: 'DateTime' }),
    pullRequest: t.field({
      type: PullRequestRef,
      nullable: true,
      resolve: ({ pull_request }) => pull_request,
    }),
    cherryPickedFrom: t.exposeStringList('cherry_picked_from'),
    reverts: t.exposeString('reverts', { nullable: true }),
  }),
})

interface Edge {
  cursor: string
  node: Change
}

interface Read {
  base: Base
  head: Point
  edges: Edge[]
  more: boolean
}

const EdgeRef = builder.objectRef<Edge>('ChangelogEdge').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor'),
    node: t.field({ type: EntryRef, resolve: ({ node }) => node }),
  }),
})

const ChangelogRef = builder.objectRef<Read>('ChangelogConnection').implement({
  description: 'What comes, newest first, then what goes.',
  fields: (t) => ({
    edges: t.field({
      type: [EdgeRef],
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges,
    }),
    nodes: t.field({
      type: [EntryRef],
      complexity: { field: 1, multiplier: 1 },
      resolve: ({ edges }) => edges.map(({ node }) => node),
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      resolve: ({ edges, more }) => ({
        hasNextPage: more,
        hasPreviousPage: false,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      }),
    }),
    baseKind: t.field({
      type: ChangelogBaseKind,
      description: 'Why it begins where it does.',
      resolve: ({ base }) => base.why,
    }),
    baseCommit: t.string({ nullable: true, resolve: ({ base }) => base.commit_sha }),
    baseReleaseCandidate: t.field({
      type: CandidateRef,
      nullable: true,
      resolve: ({ base }) => base.candidate_id,
    }),
    headCommit: t.string({ resolve: ({ head }) => head.commit_sha }),
  }),
})

interface Args {
  first?: number | null
  after?: string | null
}

/** A page of it: read forwards only. */
async function read({ ctx }: Caller, named: SpanNamed, { first, after }: Args): Promise<Read> {
  const most = first ?? defaultPage
  if (most < 0 || most > mostOnPage) throw userError(`\`first\` has to be from 0 to ${mostOnPage}.`)
  const { base, head, changes, from } = await readChangelogAfter(ctx, { ...named, after: after ?? undefined })
  const edges: Edge[] = []
  for await (const node of changes) {
    if (edges.length === most) return { base, head, edges, more: true }
    edges.push({ cursor: placeAfter(base, head, from + edges.length + 1), node })
  }
  return { base, head, edges, more: false }
}

const cost = ({ first }: Args) => ({
  field: historyCost,
  multiplier: Math.min(Math.max(first ?? defaultPage, 1), mostOnPage),
})

const pageArgs = {
  first: { description: `From 0 to ${mostOnPage}; ${defaultPage} when left out.` },
  against: {
    description:
      'A version of a candidate or a release, or a commit, to compare with. The release before when left out.',
  },
}

/** What something is compared with: what is live in an environment, or what has a name. */
async function againstIn(
  { ctx }: Caller,
  project_id: string,
  { environment, against }: { environment?: string | null; against?: string | null },
): Promise<Pick<SpanNamed, 'against'>> {
  if (environment && against) throw userError('Give `environment` or `against`, not both.')
  if (environment)
    return {
      against: { environment_id: (await getEnvironmentByName(ctx, { project_id, name: environment })).id },
    }
  return against ? { against: { named: against, field: 'against' } } : {}
}

builder.objectFields(CandidateRef, (t) => ({
  changelog: t.field({
    type: ChangelogRef,
    description: 'What it brings where another is.',
    complexity: cost,
    args: {
      first: t.arg.int(pageArgs.first),
      after: t.arg.string(),
      environment: t.arg.string({ description: 'Compared with what is live in this environment.' }),
      against: t.arg.string(pageArgs.against),
    },
    resolve: async ({ id, project_id }, args, caller) =>
      read(
        caller,
        { project_id, of: { candidate_id: id }, ...(await againstIn(caller, project_id, args)) },
        args,
      ),
  }),
}))

builder.objectFields(ReleaseRef, (t) => ({
  changelog: t.field({
    type: ChangelogRef,
    description: 'What its newest candidate brings since the release before.',
    complexity: cost,
    args: {
      first: t.arg.int(pageArgs.first),
      after: t.arg.string(),
      against: t.arg.string(pageArgs.against),
    },
    resolve: async ({ id, project_id }, args, caller) =>
      read(
        caller,
        { project_id, of: { release_id: id }, ...(await againstIn(caller, project_id, args)) },
        args,
      ),
  }),
}))

builder.objectFields(EnvironmentRef, (t) => ({
  changelog: t.field({
    type: ChangelogRef,
    description: 'What a candidate would bring here.',
    complexity: cost,
    args: {
      releaseCandidateVersion: t.arg.string({ required: true }),
      first: t.arg.int(pageArgs.first),
      after: t.arg.string(),
    },
    resolve: async ({ id, project_id }, { releaseCandidateVersion: named, ...args }, caller) =>
      read(
        caller,
        { project_id, of: { named, field: 'releaseCandidateVersion' }, against: { environment_id: id } },
        args,
      ),
  }),
}))

builder.objectFields(ProjectRef, (t) => ({
  unreleased: t.field({
    type: ChangelogRef,
    description: 'What came to its branch since the newest cut.',
    complexity: cost,
    args: { first: t.arg.int(pageArgs.first), after: t.arg.string() },
    resolve: ({ id }, args, caller) => read(caller, { project_id: id, of: 'head' }, args),
  }),
}))
