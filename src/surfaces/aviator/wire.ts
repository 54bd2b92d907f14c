import { Type, type Static, type TSchema } from 'typebox'
import { reportedStatusNames } from '#domain/reported-status.ts'

// What the vendor's clients send and get. A body is not checked against its schema, since each wrong field has its own
// documented error (sections 2.1 to 2.3): `read-fields.ts` reads it, and these describe it.

const orNull = <S extends TSchema & { type: string }>(schema: S) =>
  Type.Unsafe<Static<S> | null>({ ...schema, type: [schema.type, 'null'] })

const Text = Type.String()
const Time = Type.String({ format: 'date-time', examples: ['2024-10-02T00:45:05.881726+00:00'] })
const Version = Type.String({ examples: ['2024.10.21-3-rc1'], description: '`<release version>-rc<number>`' })
const Word = Type.Unsafe<(typeof reportedStatusNames)[number]>({ type: 'string', enum: reportedStatusNames })
const NumberOrText = (description: string, example: string) =>
  Type.Unsafe<number | string>({ type: ['string', 'integer'], examples: [example], description })
const RunId = NumberOrText('`github.run_id`', '12345678901')

export const NewRelease = Type.Object({
  repo: Type.String({ examples: ['acme/shop'] }),
  commit: Type.String({ examples: ['0123abc'], description: '7 to 40 hexadecimal digits' }),
  trigger_build_workflow: Type.Optional(Type.Boolean({ default: false })),
})

const Force = Type.Optional(Type.Boolean({ default: false, description: 'Also where it is frozen' }))

export const NewDeployment = Type.Object({ release_candidate_version: Version, force: Force })

export const DeploymentReport = Type.Object({
  release_candidate_version: Version,
  status: Word,
  error_message: Type.Optional(Text),
})

export const Rollback = Type.Object({
  force: Force,
  release_candidate_version: Type.Optional(Version),
})

export const BuildRun = Type.Object({
  release_cut_id: NumberOrText('The input `aviator_release_cut_id`', '17'),
  workflow_run_id: RunId,
})

export const DeploymentRun = Type.Object({
  deployment_id: NumberOrText('The input `aviator_deployment_id`', '42'),
  workflow_run_id: RunId,
})

/** Exactly these keys, in the order in which the vendor documents them (section 2.4). */
export const DeploymentAnswer = Type.Object(
  {
    actor: orNull(Text),
    deploy_end_at: orNull(Time),
    deploy_start_at: Time,
    environment_name: Text,
    error_message: orNull(Text),
    from_release_candidate_version: orNull(Version),
    from_release_version: orNull(Text),
    id: Type.Integer(),
    release_candidate_version: Version,
    release_version: Text,
    status: Word,
  },
  { additionalProperties: false },
)
export type DeploymentAnswer = Static<typeof DeploymentAnswer>

export const CandidateAnswer = Type.Object({
  id: Type.Integer(),
  release_version: Text,
  release_candidate_version: Version,
  commit: orNull(Text),
  repo: Text,
  build_status: Word,
  created_at: Time,
})
export type CandidateAnswer = Static<typeof CandidateAnswer>

export const Bound = Type.Object({ status: Type.Literal('ok') })
