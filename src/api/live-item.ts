import { Type, type Static } from 'typebox'
import { Id, Nullable, Time } from './schema.ts'

export const LiveItem = Type.Object(
  {
    key: Type.String(),
    kind: Type.String(),
    title: Type.String(),
    version: Nullable(
      Type.String({ description: 'Null only where it is uncertain whether it is there at all' }),
    ),
    uncertain: Type.Boolean({ description: 'A deployment broke while it was at it: may be anything' }),
    deployment_id: Nullable(Id('dep')),
    updated_at: Time,
  },
  { $id: 'LiveItem' },
)
export type LiveItem = Static<typeof LiveItem>
