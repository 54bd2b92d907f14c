import { Type, type Static } from 'typebox'
import { deploymentStates } from './deployment.ts'
import { Id, Nullable, OneOf, Time } from './schema.ts'

export const CalendarItem = Type.Object(
  {
    kind: OneOf(['scheduled', 'recurring', 'deployment', 'freeze', 'hold']),
    id: Type.String({ description: 'Of the deployment, the schedule, the freeze or the hold' }),
    title: Type.String(),
    from: Time,
    to: Nullable(Type.String({ format: 'date-time', description: 'Null: nobody knows yet' })),
    project: Type.Object({ id: Id('prj'), key: Type.String() }),
    environment: Nullable(Type.Object({ id: Id('env'), name: Type.String() })),
    state: Nullable(OneOf(deploymentStates)),
    reason: Nullable(Type.String()),
  },
  { $id: 'CalendarItem' },
)
export type CalendarItem = Static<typeof CalendarItem>
