import { Type, type Static } from 'typebox'
import { Candidate } from './candidate.ts'
import { Exactly, Id, Nullable, OneOf, Reason, ref } from './schema.ts'

const included = Nullable(OneOf(['ancestor', 'pick', 'trailer', 'patch']), {
  description:
    'How it has all of it already: in its history, picked by us, picked by somebody (-x), or as the same change. Null: it has not',
})

const CommitText = Type.String({ minLength: 1, maxLength: 250, description: '7 to 40 hexadecimal digits' })
const CandidateText = Type.String({
  minLength: 1,
  maxLength: 250,
  description: 'A candidate’s id, or its version: 1.2.0-rc1',
})

/** What is to be picked: a commit, a range of them, or a pull request. */
const asked = {
  commit: Type.Optional(CommitText),
  since: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: 250 },
      description: 'With `commit`: everything after this one, by first parents, up to it',
    }),
  ),
}

export const PickRequest = Exactly({
  ...asked,
  pull_request: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Instead of `commit`: by its number' }),
  ),
  base: CandidateText,
  also: Type.Optional(
    Type.Array(CandidateText, { maxItems: 50, description: 'Candidates of newer releases that get it too' }),
  ),
  reason: Type.Optional(Reason),
})
export type PickRequest = Static<typeof PickRequest>

export const PickQuery = Exactly({
  ...asked,
  pull_request: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
  base: Type.Optional(
    Type.String({ minLength: 1, maxLength: 250, description: 'Only its release and newer ones' }),
  ),
})
export type PickQuery = Static<typeof PickQuery>

export const PickedInto = Type.Object(
  {
    base: ref(Candidate),
    candidate: Nullable(ref(Candidate), { description: 'What is made of it; null where the base has it' }),
    included,
  },
  { $id: 'PickedInto' },
)
export type PickedInto = Static<typeof PickedInto>

export const PickAnswer = Type.Object({ items: Type.Array(ref(PickedInto)), next: Type.Null() })
export type PickAnswer = Static<typeof PickAnswer>

const Source = Type.Object({
  commit: Type.String(),
  pull_request: Nullable(Type.Integer()),
  title: Type.String(),
})

export const PickPreview = Type.Object(
  {
    commits: Type.Array(Source, { description: 'What would be picked, oldest first' }),
    choices: Type.Array(
      Type.Object({
        release_id: Id('rel'),
        release: Type.String(),
        from: Type.Object({ candidate_id: Id('cnd'), version: Type.String(), commit: Type.String() }),
        to: Type.String({ description: 'The version of the candidate that would be made' }),
        included,
        open: Nullable(Type.Object({ version: Type.String(), state: Type.String() }), {
          description: 'A candidate of the release that has to come to an end first',
        }),
      }),
      { description: 'Newest release first' },
    ),
  },
  { $id: 'PickPreview', description: 'What something could be picked into' },
)
export type PickPreview = Static<typeof PickPreview>

export const Pick = Type.Object(
  {
    commit: Type.String({ description: 'What was picked' }),
    pull_request: Nullable(Type.Integer()),
    title: Type.String(),
    outcome: OneOf(['wanted', 'picked', 'conflicted', 'included'], {
      description: '`included`: the candidate has it without a pick',
    }),
    became: Nullable(Type.String({ description: 'The commit that it is in the candidate' })),
    conflict_branch: Nullable(Type.String({ description: 'Where its conflict can be resolved' })),
    conflicts: Type.Array(
      Type.Object({
        path: Type.String(),
        kind: Type.String({
          description: 'As git calls it; `, without markers` where the file holds one side',
        }),
      }),
    ),
  },
  { $id: 'Pick', description: 'A commit that was picked into a candidate, or is in it' },
)
export type Pick = Static<typeof Pick>

export const Acceptance = Exactly({
  commit: Type.Optional(
    Type.String({
      ...{ minLength: 1, maxLength: 250 },
      description: '7 to 40 hexadecimal digits; what stands on the candidate’s branches when left out',
    }),
  ),
  reason: Type.Optional(Reason),
})
export type Acceptance = Static<typeof Acceptance>

export const CandidateChange = Exactly({ reason: Type.Optional(Reason) })
export type CandidateChange = Static<typeof CandidateChange>
