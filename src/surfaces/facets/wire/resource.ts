import { Type, type Static } from 'typebox'
import { AnyObject, Flag, Id, listOf, OneOf, Text, Time } from './fields.ts'

// The models of sections 2.3, 2.4 and 2.5.

/** A resource as it is written, or as a cluster gets it: whatever its type has in it. */
export const ResourceFile = AnyObject

export const OverrideObject = Type.Object({
  clusterId: Id,
  resourceType: Text,
  resourceName: Text,
  overrides: Type.Optional(AnyObject),
  disabled: Flag,
  changeLog: Text,
  updatedAt: Time,
})
export type OverrideObject = Static<typeof OverrideObject>

export const OverrideRequest = Type.Object({
  resourceType: Text,
  resourceName: Text,
  overrides: AnyObject,
  changeLog: Text,
  affectedResources: listOf(AnyObject),
})

export const ResourceSwitch = Type.Object({
  resourceType: Type.Optional(Type.String({ default: 'application' })),
  resourceName: Type.String(),
  disabled: Type.Boolean(),
})

export const OutProperties = Type.Object({ interfaces: AnyObject, attributes: AnyObject, updatedAt: Time })

export const ResourceStatus = Type.Object({
  resourceName: Text,
  resourceType: Text,
  syncStatus: Type.Optional(OneOf(['IN_SYNC', 'OUT_OF_SYNC'])),
  currentBPVersion: Text,
  liveBPVersion: Text,
  currentOverrideVersion: Text,
  disabled: Flag,
  deployed: Flag,
  flavor: Text,
})
export type ResourceStatus = Static<typeof ResourceStatus>

export const BlueprintFile = Type.Object({
  filename: Text,
  directory: Text,
  content: Text,
  resourceType: Text,
  resourceName: Text,
})

export const registrationTypes = ['ENVIRONMENT', 'RELEASE_STREAM', 'HYBRID'] as const

export const Artifact = Type.Object({
  id: Id,
  applicationName: Text,
  artifactUri: Text,
  externalId: Text,
  tag: Text,
  releaseStream: Text,
  clusterId: Text,
  artifactory: Text,
  description: Text,
  metadata: Type.Optional(AnyObject),
  stackName: Text,
  registrationType: Type.Optional(OneOf(registrationTypes)),
  versioningKey: Id,
  versionId: Id,
  createdOn: Time,
})
export type Artifact = Static<typeof Artifact>

export const ArtifactRequest = Type.Object({
  applicationName: Type.String(),
  artifactUri: Type.String(),
  externalId: Text,
  tag: Text,
  releaseStream: Text,
  clusterId: Text,
  clusterName: Text,
  artifactory: Text,
  description: Text,
  metadata: Type.Optional(AnyObject),
  stackName: Text,
  registrationType: Type.Optional(OneOf(registrationTypes)),
})
