import { Type, type Static } from 'typebox'
import { clusterStates } from '../words.ts'
import { AnyObject, Flag, Id, listOf, OneOf, Text, Time, Whole } from './fields.ts'

// The models of section 2.4.

const VariableDetails = Type.Object({
  secret: Flag,
  value: Text,
  required: Flag,
  description: Text,
  global: Flag,
})

export const Stack = Type.Object({
  id: Id,
  name: Type.String({ examples: ['platform'] }),
  vcsUrl: Text,
  vcs: Type.Optional(OneOf(['GITHUB', 'BITBUCKET', 'GITLAB'])),
  relativePath: Text,
  branch: Text,
  stackVars: Type.Optional(AnyObject),
  clusterVariablesMeta: Type.Optional(Type.Record(Type.String(), VariableDetails)),
  componentVersions: Type.Optional(AnyObject),
  pauseReleases: Flag,
  childStacks: listOf(Type.String()),
  artifactories: listOf(Type.String()),
  gitOpsEnabled: Flag,
})
export type Stack = Static<typeof Stack>

const ClusterVariable = Type.Object({
  value: Text,
  secret: Flag,
  status: Type.Optional(OneOf(['DEFAULT', 'OVERRIDDEN'])),
  global: Flag,
})

export const AbstractCluster = Type.Object({
  id: Id,
  name: Type.String({ examples: ['prod'] }),
  stackName: Type.String({ examples: ['platform'] }),
  releaseStream: Type.String({ examples: ['default'] }),
  tz: Type.String({ examples: ['UTC'] }),
  cloud: Text,
  branch: Text,
  clusterCode: Text,
  clusterState: Type.Optional(OneOf(clusterStates)),
  variables: Type.Optional(Type.Record(Type.String(), ClusterVariable)),
  commonEnvironmentVariables: Type.Optional(Type.Record(Type.String(), Type.String())),
  secrets: Type.Optional(Type.Record(Type.String(), Type.String())),
  componentVersions: Type.Optional(AnyObject),
  isEphemeral: Flag,
  pauseReleases: Flag,
  requireSignOff: Flag,
  configured: Flag,
  deleted: Flag,
})
export type AbstractCluster = Static<typeof AbstractCluster>

export const ClusterOverview = Type.Object({
  id: Id,
  cluster: AbstractCluster,
  clusterState: Type.Optional(OneOf(clusterStates)),
  lastRelease: Time,
  timeToNextRelease: Whole,
})
