import { Type, type Static } from 'typebox'

const Text = Type.String()
const Int = Type.Integer()
const Flag = Type.Boolean()
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const IntOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })
const optional = Type.Optional

const common = {
  uid: Text,
  stack: Text,
  type: Text,
  action: Text,
  environment: Type.Array(Text),
  publish_details: Type.Object({
    status: Text,
    message: optional(Text),
    error: optional(Text),
    recordsCount: optional(Int),
    process_count: optional(Int),
  }),
  user: TextOrNull,
  approval: Flag,
  approved: Flag,
  rejected: Flag,
  published_at: TextOrNull,
  created_by: TextOrNull,
  updated_by: TextOrNull,
  created_at: Text,
  updated_at: Text,
}

const QueueRowAnswer = Type.Object({
  ...common,
  _id: Text,
  entry: Type.Object({
    uid: Text,
    title: Text,
    locale: optional(Text),
    version: optional(IntOrNull),
    skip_items_webhook_trigger: optional(Flag),
    release: optional(Type.Object({ uid: Text, title: Text })),
  }),
  content_type: optional(Type.Object({ uid: Text, title: Text })),
  locale: optional(Type.Array(Text)),
  scheduled_at: optional(Text),
  bulkJobId: Text,
  _branch: optional(Text),
})
export type QueueRowAnswer = Static<typeof QueueRowAnswer>

const JobDetails = Type.Object({
  ...common,
  entry: Type.Object({ uid: Text, title: Text }),
  locale: Type.Array(Text),
  publish_with_reference: Flag,
  summary: Type.Object({
    top_level_items: Int,
    total_processed: Int,
    success: Int,
    unsuccess: Int,
    approvals: Int,
    skip: Int,
  }),
})
export type JobDetails = Static<typeof JobDetails>

export const Queue = Type.Object({
  queue: Type.Unsafe<QueueRowAnswer[] | number>({
    anyOf: [{ type: 'array', items: QueueRowAnswer }, { type: 'integer' }],
  }),
  count: optional(Int),
  jobDetails: optional(JobDetails),
})

export const OneQueueRow = Type.Object({ entry: QueueRowAnswer })

/** How many items were unscheduled with the one that was named. */
export const Unscheduled = Type.Object({ notice: Text, unscheduled_items: Int })
