import { Type, type Static } from 'typebox'
import { Nullable, Time } from './schema.ts'

const Share = (description: string) =>
  Type.Object(
    {
      count: Type.Integer(),
      of: Type.Integer(),
      rate: Nullable(Type.Number({ description: '0 to 1; null of nothing' })),
    },
    { description },
  )

const spread = {
  count: Type.Integer({ description: 'How many it is computed from' }),
  median: Nullable(Type.Integer({ description: 'Seconds' })),
  p90: Nullable(Type.Integer({ description: 'Seconds' })),
}

const measures = {
  deployment_frequency: Type.Object(
    { count: Type.Integer(), per_day: Type.Number() },
    { description: 'Deployments that succeeded, wholly or partly; rollbacks too' },
  ),
  lead_time: Type.Object(spread, {
    description:
      'Until it was live: for content from when its release was made, for all else from when its revision was ' +
      'pinned. Rollbacks have none',
  }),
  change_failure_rate: Share(
    'Deployments that failed, partly or wholly, or were rolled back, of those that are no rollbacks',
  ),
  time_to_restore: Type.Object(
    { ...spread, unrestored: Type.Integer({ description: 'Nothing has succeeded there since' }) },
    {
      description:
        'From the end of one that failed or was rolled back to the next success in its environment',
    },
  ),
  rework_rate: Share('Rollbacks, retries and deployments that a gate was set aside for, of all'),
}

export const Insights = Type.Object(
  {
    ...measures,
    buckets: Type.Array(Type.Object({ from: Time, to: Time, ...measures })),
  },
  {
    $id: 'Insights',
    description:
      'Computed from the deployments that ended in that time and changed something, or failed to: dry runs, ' +
      'unchanged and canceled ones are not counted',
  },
)
export type Insights = Static<typeof Insights>
