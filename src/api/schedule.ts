import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, Time } from './schema.ts'

const Items = Type.Array(Type.String({ minLength: 3, maxLength: 500, pattern: '^[^/]+/[^/]+$' }), {
  minItems: 1,
  maxItems: 1000,
  description: 'The keys of the resources that it is about; all of them when left out',
})

const terms = {
  dry_run: Type.Optional(Type.Boolean({ description: 'Only plan' })),
  refresh: Type.Optional(
    Type.Boolean({ description: 'Look at what really is there first; true when left out' }),
  ),
  force: Type.Optional(Type.Boolean({ description: 'Apply even where nothing differs' })),
  allow_destroy: Type.Optional(Type.Boolean({ description: 'It may destroy' })),
  items: Type.Optional(Items),
}
const Cron = Type.String({
  minLength: 9,
  maxLength: 200,
  description: 'Five fields: minute, hour, day of month, month, day of week',
})
const TimeZone = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'As IANA names it; UTC when left out',
})
const Paused = Type.Boolean({ description: 'It does not come until this is false again' })

export const NewSchedule = Exactly({
  cron: Cron,
  time_zone: Type.Optional(TimeZone),
  paused: Type.Optional(Paused),
  ...terms,
})
export type NewSchedule = Static<typeof NewSchedule>

/** What is left out stays; of the terms, all are given or none. */
export const ScheduleChange = Exactly({
  cron: Type.Optional(Cron),
  time_zone: Type.Optional(TimeZone),
  paused: Type.Optional(Paused),
  ...terms,
})
export type ScheduleChange = Static<typeof ScheduleChange>

export const Schedule = Type.Object(
  {
    id: Id('sch'),
    environment_id: Id('env'),
    cron: Type.String(),
    time_zone: Type.String(),
    paused: Type.Boolean(),
    dry_run: Type.Boolean(),
    refresh: Type.Boolean(),
    force: Type.Boolean(),
    allow_destroy: Type.Boolean(),
    items: Nullable(Type.Array(Type.String()), { description: 'Null: all' }),
    next_at: Nullable(Time),
    last_at: Nullable(Time),
    last_deployment_id: Nullable(Id('dep'), { description: 'What it asked for the last time' }),
    last_skipped: Nullable(Type.String(), { description: 'Why it was left out the last time' }),
    version: Type.Integer(),
    created_by: Nullable(Id('usr')),
    created_at: Time,
    updated_at: Time,
  },
  { $id: 'Schedule' },
)
export type Schedule = Static<typeof Schedule>
