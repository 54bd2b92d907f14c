import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, Reason, Time } from './schema.ts'
import { runStates } from './run.ts'

export const candidateStates = [
  ...['picking', 'ready', 'building', 'conflicted', 'dropped', 'pick_failed', 'build_failed'],
] as const

const said = { minLength: 1, maxLength: 250 }

export const Candidate = Type.Object(
  {
    id: Id('cnd'),
    ordinal: Type.Integer({ description: 'A small number for it, by which others outside know it' }),
    project_id: Id('prj'),
    project: Type.String({ description: "The project's key" }),
    release_id: Id('rel'),
    release: Type.String({ description: "The release's version: 1.2.0" }),
    number: Type.Integer({ description: 'Of the release’s candidates, and of its revision' }),
    version: Type.String({ description: '1.2.0-rc3' }),
    state: OneOf(candidateStates, { description: 'Only what is ready is deployed' }),
    commit: Nullable(Type.String({ description: 'Its full id; null while it is picked' })),
    branch: Nullable(Type.String({ description: 'The one that it has of its own' })),
    revision_id: Nullable(Id('rev')),
    base_id: Nullable(Id('cnd', 'The candidate that it was picked on')),
    base_version: Nullable(Type.String()),
    picks: Type.Integer({ description: 'How many commits were picked into it, or are to be' }),
    build_run_id: Nullable(Id('run')),
    build_state: Nullable(OneOf(runStates)),
    pick_run_id: Nullable(Id('run')),
    pick_state: Nullable(OneOf(runStates)),
    deploy_to: Nullable(Id('env', 'Where it goes by itself once it is ready')),
    cause: OneOf(['person', 'schedule', 'agent', 'automation']),
    failure_detail: Nullable(Type.String()),
    push_failure: Nullable(Type.String({ description: 'Why its branches could not be pushed' })),
    allowed_actions: Type.Array(OneOf(['deploy', 'build', 'accept', 'drop', 'pick_again'])),
    created_by: Nullable(Id('usr')),
    created_by_email: Nullable(Type.String()),
    created_at: Time,
    ready_at: Nullable(Time),
  },
  { $id: 'Candidate', description: 'A commit under a version, for good' },
)
export type Candidate = Static<typeof Candidate>

export const Cut = Exactly({
  version: Type.Optional(Type.String({ ...said, description: 'A candidate’s whole version: 1.2.0-rc2' })),
  release: Type.Optional(
    Type.String({
      ...said,
      description: 'A release’s version: its next candidate. The next release when both are left out',
    }),
  ),
  commit: Type.Optional(Type.String({ ...said, description: '7 to 40 hexadecimal digits' })),
  branch: Type.Optional(
    Type.String({ ...said, description: 'Whose head is cut where no commit is named; the project’s own' }),
  ),
  build: Type.Optional(Type.Boolean({ default: true, description: 'Where the project builds' })),
  deploy_to: Type.Optional(
    Nullable(Type.String({ minLength: 1, maxLength: 200 }), {
      description: 'The environment where it goes once it is ready: the project’s own; null for none',
    }),
  ),
  reason: Type.Optional(Reason),
})
export type Cut = Static<typeof Cut>

export const BuildRequest = Exactly({ reason: Type.Optional(Reason) })
export type BuildRequest = Static<typeof BuildRequest>
