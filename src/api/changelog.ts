import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, ref, Time } from './schema.ts'

const Sha = (description: string) => Type.String({ pattern: '^[0-9a-f]{40}$', description })

const groups = [
  'breaking',
  'features',
  'fixes',
  'performance',
  'reverts',
  'refactoring',
  'documentation',
  'tests',
  'build',
  'chores',
  'other',
] as const

export const CodeChange = Type.Object(
  {
    change: OneOf(['added', 'removed'], {
      description: 'removed: what is there now has it and the candidate has not, as where it is put back',
    }),
    sha: Sha('The commit'),
    short_sha: Type.String(),
    subject: Type.String(),
    author: Type.Object({ name: Type.String(), email: Type.String() }),
    authored_at: Time,
    committed_at: Time,
    pull_request: Nullable(Type.Object({ number: Type.Integer(), title: Type.String() })),
    merge_sha: Nullable(Type.String(), {
      description: 'The merge that brought it, where it names a pull request',
    }),
    group: OneOf(groups, { description: 'By Conventional Commits' }),
    type: Nullable(Type.String()),
    scope: Nullable(Type.String()),
    description: Type.String({ description: 'The subject without type and scope' }),
    breaking: Type.Boolean(),
    breaking_note: Nullable(Type.String()),
    cherry_picked_from: Type.Array(Type.String(), { description: 'Commits that it says it was picked from' }),
    reverts: Nullable(Type.String(), { description: 'The commit that it says it takes back' }),
  },
  { $id: 'CodeChange', description: 'A commit that comes or goes' },
)
export type CodeChange = Static<typeof CodeChange>

const point = {
  candidate_id: Nullable(Id('cnd')),
  version: Nullable(Type.String(), {
    description: 'The candidate’s; the name of a tag that was released before there were any',
  }),
  release_id: Nullable(Id('rel')),
}

export const CodeChangelog = Type.Object(
  {
    base: Type.Object({
      ...{ sha: Nullable(Sha('The commit')), ...point },
      why: OneOf(['asked', 'live', 'previous_release', 'newest_cut', 'tag', 'first_commit'], {
        description: 'Why it begins there; first_commit: there is nothing to begin after',
      }),
      environment: Nullable(Type.String(), { description: 'Where that is live, or where nothing is' }),
      uncertain: Type.Boolean({ description: 'What is live there may be anything' }),
    }),
    head: Type.Object({ sha: Sha('The commit'), ...point }),
    items: Type.Array(ref(CodeChange), { description: 'What comes, newest first, then what goes' }),
    next: Nullable(Type.String()),
  },
  {
    $id: 'CodeChangelog',
    description: 'What one candidate has and another has not; commits whose change both have are left out',
  },
)
export type CodeChangelog = Static<typeof CodeChangelog>

const Place = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

const reading = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'How many at most: 50, of Markdown 10,000, when left out',
    }),
  ),
  after: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'The `next` of the page before; not of Markdown',
    }),
  ),
  format: Type.Optional(OneOf(['json', 'markdown'], { description: 'As Accept says when left out' })),
}

export const CandidateChangelogQuery = Exactly({
  ...reading,
  environment: Place('Against what is live in it'),
  against: Place(
    'A candidate (`cnd_…` or its version), a release (`rel_…` or its version), a commit, or `live:<environment>`; the release before this one when left out',
  ),
})

export const ProjectChangelogQuery = Exactly({
  ...reading,
  from: Place('As `against` of a candidate; the release before, or what was cut last, when left out'),
  to: Place('The same, or `head`, where the branch stands now: what is not released; that when left out'),
})

/** Of a release of content its changes by item need the first; of code the rest goes too. */
export const ReleaseChangelogQuery = Exactly({ ...reading, environment: Place('An environment by name') })

export const CommitPlaces = Type.Object(
  {
    commit: Type.Object({
      ...{ sha: Sha('In full'), subject: Type.String(), committed_at: Time },
      author: Type.Object({ name: Type.String(), email: Type.String() }),
      pull_request: Nullable(Type.Object({ number: Type.Integer(), title: Type.String() })),
    }),
    same: Type.Array(
      Type.Object({
        sha: Sha('A commit with the same change'),
        how: OneOf(['pick', 'trailer', 'patch'], {
          description:
            'pick: it was picked here; trailer: one says that it was picked; patch: they change the same',
        }),
      }),
    ),
    candidates: Type.Array(
      Type.Object({
        id: Id('cnd'),
        version: Type.String(),
        release_id: Id('rel'),
        release_version: Type.String(),
        state: Type.String(),
        how: OneOf(['commit', 'pick', 'trailer', 'patch'], {
          description: 'commit: the commit itself is in it',
        }),
        as: Sha('The commit that is in it'),
      }),
      { description: 'Those that have it, newest first, at most 200' },
    ),
    more: Type.Boolean({ description: 'Whether there are more candidates than these' }),
    environments: Type.Array(
      Type.Object({
        id: Id('env'),
        name: Type.String(),
        contains: Type.Boolean(),
        candidate_id: Nullable(Id('cnd')),
        version: Nullable(Type.String(), { description: 'Of the candidate that is live there' }),
        how: Nullable(OneOf(['commit', 'pick', 'trailer', 'patch'])),
        uncertain: Type.Boolean(),
      }),
      { description: 'Every environment that may be seen, in pipeline order' },
    ),
  },
  { $id: 'CommitPlaces', description: 'Where a commit is, or its change' },
)
export type CommitPlaces = Static<typeof CommitPlaces>
