import { Type } from 'typebox'

const Text = Type.String()
const optional = Type.Optional
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })

/** What beyond the notice is ours: which deployments were made, or what would change. */
export const DeployAnswer = Type.Object({
  notice: Text,
  job_id: optional(Text),
  deployments: optional(Type.Array(Type.Object({ id: Text, environment: Text }))),
  plan: optional(
    Type.Array(
      Type.Object({
        environment: Text,
        name: Text,
        counts: Type.Record(Type.String(), Type.Integer()),
        items: Type.Array(
          Type.Object({
            uid: Text,
            locale: Text,
            content_type_uid: Text,
            title: Text,
            action: Text,
            before: TextOrNull,
            after: TextOrNull,
            error: optional(Text),
            warning: optional(Text),
          }),
        ),
      }),
    ),
  ),
})
