import { Type, type Static } from 'typebox'
import { releaseTypes } from '../words.ts'
import { Flag, Id, listOf, OneOf, Text, Time, Whole } from './fields.ts'
import { FacetsResource } from './deployment.ts'

export const frequencies = ['PER_MINUTE', 'HOURLY', 'DAILY', 'WEEKLY'] as const
export type Frequency = (typeof frequencies)[number]

/** The fields are those that the specification names (section 1); how they are spelled inside is not published. */
export const ReleaseSchedule = Type.Object({
  id: Id,
  clusterId: Text,
  releaseType: Type.Optional(OneOf(releaseTypes)),
  frequency: Type.Optional(OneOf(frequencies)),
  interval: Whole,
  byDay: listOf(Type.String({ examples: ['MONDAY'] })),
  byTime: Type.Optional(Type.String({ examples: ['04:30'] })),
  timeZone: Type.Optional(Type.String({ examples: ['Europe/Paris'] })),
  isPaused: Flag,
  withRefresh: Flag,
  forceRelease: Flag,
  allowDestroy: Flag,
  hotfixResources: listOf(FacetsResource),
  cron: Text,
  nextReleaseTime: Time,
  lastReleaseTime: Time,
  lastDeploymentId: Id,
  lastSkipReason: Text,
  createdOn: Time,
})
export type ReleaseSchedule = Static<typeof ReleaseSchedule>

export const PauseRelease = Type.Object({ clusterId: Text, stackName: Text, pauseReleases: Type.Boolean() })
