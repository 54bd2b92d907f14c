import { Type, type Static } from 'typebox'
import { Exactly, Id, Nullable, OneOf, Reason, Time } from './schema.ts'

export const runStates = ['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled'] as const
export const runKinds = ['build', 'flow', 'drift', 'pick', 'check'] as const

export const Run = Type.Object(
  {
    id: Id('run'),
    project_id: Id('prj'),
    project: Type.String({ description: "The project's key" }),
    environment_id: Nullable(Id('env')),
    environment_name: Nullable(Type.String()),
    deployment_id: Nullable(Id('dep')),
    kind: OneOf(runKinds, {
      description: 'check: whether an environment could be deployed to by its executor',
    }),
    executor: Type.String(),
    state: OneOf(runStates),
    cause: OneOf(['request', 'schedule', 'deployment']),
    reason: Nullable(Type.String()),
    input: Type.Record(Type.String(), Type.Unknown()),
    result: Nullable(Type.Record(Type.String(), Type.Unknown())),
    failure_code: Nullable(Type.String()),
    failure_detail: Nullable(Type.String()),
    attempt: Type.Integer(),
    allowed_actions: Type.Array(OneOf(['cancel'])),
    requested_by: Nullable(Id('usr')),
    requested_at: Time,
    started_at: Nullable(Time),
    finished_at: Nullable(Time),
    version: Type.Integer({ description: 'Also its ETag' }),
  },
  { $id: 'Run', description: 'An invocation of an executor that is no deployment' },
)
export type Run = Static<typeof Run>

export const CheckRequest = Exactly({ reason: Type.Optional(Reason) })
export type CheckRequest = Static<typeof CheckRequest>
