import type { ArtifactView } from '#app/infra/register-artifact.ts'
import { idOf } from '../ids.ts'
import type { Artifact } from '../wire/resource.ts'

export interface ArtifactParts {
  artifact: ArtifactView
  stack: string
  /** The vendor's id of the cluster that it is for. */
  clusterId: string | undefined
}

export function writeArtifact({ artifact, stack, clusterId }: ArtifactParts): Artifact {
  const { id, application, uri, external_id, tag, release_stream, description, metadata } = artifact
  const { artifactory, ...rest } = metadata
  const called = idOf(id)
  return {
    ...{ id: called, applicationName: application, artifactUri: uri },
    ...(external_id === null ? {} : { externalId: external_id }),
    ...(tag === null ? {} : { tag }),
    ...(release_stream === null ? {} : { releaseStream: release_stream }),
    ...(clusterId === undefined ? {} : { clusterId }),
    ...(typeof artifactory === 'string' ? { artifactory } : {}),
    ...(description === null ? {} : { description }),
    metadata: rest,
    stackName: stack,
    registrationType: clusterId === undefined ? 'RELEASE_STREAM' : 'ENVIRONMENT',
    // Its history is found by any of its versions.
    ...{ versioningKey: called, versionId: called },
    createdOn: artifact.created_at.toISOString(),
  }
}
