import { Type, type Static } from 'typebox'

const Text = Type.String()
const Int = Type.Integer()
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const IntOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })
const Texts = Type.Array(Text)
const optional = Type.Optional

export const JobNotice = Type.Object({ notice: Text, job_id: Text })

const Summary = Type.Object({
  top_level_items: Int,
  total_processed: Int,
  success: Int,
  unsuccess: Int,
  approvals: Int,
  skip: Int,
  state: Text,
})

const jobFields = {
  uid: Text,
  api_key: Text,
  action: Text,
  /** What kind of job it is; the vendor does not say. */
  type: Text,
  release: optional(Text),
  body: Type.Object({
    branch: Text,
    locales: Texts,
    environments: Texts,
    published_at: Text,
    scheduled_at: Text,
  }),
  summary: Summary,
  created_by: TextOrNull,
  updated_by: TextOrNull,
  created_at: Text,
  updated_at: Text,
}

const FlatJob = Type.Object({ ...jobFields, status: Text })
export type FlatJob = Static<typeof FlatJob>
const NumberedJob = Type.Object({ _id: Text, ...jobFields, status: Int })
export type NumberedJob = Static<typeof NumberedJob>

/** One of the two shapes, or both. */
export const JobAnswer = Type.Object({
  ...Type.Partial(FlatJob).properties,
  job: optional(NumberedJob),
})

const ItemError = Type.Object({ path: Text, errorKey: Text })

const JobItemAnswer = Type.Object({
  uid: Text,
  locale: Text,
  version: IntOrNull,
  title: Text,
  type: Text,
  publish_details: Type.Object({ status: Text, failure_reason: optional(Text) }),
  publish_locale: Text,
  environment: Text,
  action: Text,
  published_at: TextOrNull,
  scheduled_at: Text,
  user: TextOrNull,
  depth: Int,
  content_type: optional(Type.Object({ uid: Text })),
  errors: optional(Type.Array(ItemError)),
  errored: optional(Type.Boolean()),
})
export type JobItemAnswer = Static<typeof JobItemAnswer>

export const JobItems = Type.Object({
  items: Type.Array(JobItemAnswer),
  skip: Int,
  limit: Int,
  total_count: optional(Int),
})

const TaskAnswer = Type.Object({
  _id: Text,
  job_id: Text,
  action: Text,
  uid: Text,
  content_type_uid: Text,
  title: Text,
  locale: Text,
  version: IntOrNull,
  reference: optional(Type.Boolean()),
  release: optional(Text),
  status: Int,
  created_by: TextOrNull,
  created_at: Text,
  updated_at: Text,
  errors: optional(Type.Array(ItemError)),
  errored: optional(Type.Boolean()),
})
export type TaskAnswer = Static<typeof TaskAnswer>

export const Tasks = Type.Object({ jobItems: Type.Array(TaskAnswer), count: optional(Int) })
