import type { Deployment } from '#api/deployment.ts'
import type {
  Artifact,
  ArtifactRequest,
  BlueprintCheck,
  InfraSettings,
  OverrideRequest,
  Resource,
  ResourceDifference,
  ResourceOverride,
  ResourceRollbackRequest,
  Variable,
  VariableRequest,
} from '#api/infra.ts'
import { environmentPath, projectPath, type Listed, type Paging, type Send } from './path.ts'

const resourcePath = (key: string, name: string, type: string, resource: string) =>
  `${environmentPath(key, name)}/resources/${encodeURIComponent(type)}/${encodeURIComponent(resource)}`

const variablePath = (key: string, name: string, variable: string) =>
  `${environmentPath(key, name)}/variables/${encodeURIComponent(variable)}`

/** Blueprints: what environments get of them, and what is put into them. */
export function infraCalls(send: Send) {
  return {
    getBlueprintSettings: (key: string) => send<InfraSettings>('GET', `${projectPath(key)}/blueprint`),
    checkBlueprint: (key: string, name: string) =>
      send<BlueprintCheck>('GET', `${environmentPath(key, name)}/blueprint`),
    simulateRelease: (key: string, name: string) =>
      send<Listed<ResourceDifference>>('GET', `${environmentPath(key, name)}/simulation`),
    listResources: (key: string, name: string, page: Paging & { type?: string } = {}) =>
      send<Listed<Resource>>('GET', `${environmentPath(key, name)}/resources`, undefined, page),
    getResource: (key: string, name: string, type: string, resource: string) =>
      send<Resource>('GET', resourcePath(key, name, type, resource)),
    /** Plans it as a deployment left it. */
    rollBackResource: (
      key: string,
      name: string,
      { type, resource, ...input }: ResourceRollbackRequest & { type: string; resource: string },
    ) => send<Deployment>('POST', `${resourcePath(key, name, type, resource)}/rollback`, input),

    listOverrides: (key: string, name: string, page: Paging = {}) =>
      send<Listed<ResourceOverride>>('GET', `${environmentPath(key, name)}/overrides`, undefined, page),
    getOverride: (key: string, name: string, type: string, resource: string) =>
      send<ResourceOverride>('GET', `${resourcePath(key, name, type, resource)}/override`),
    putOverride: (key: string, name: string, type: string, resource: string, input: OverrideRequest) =>
      send<ResourceOverride>('PUT', `${resourcePath(key, name, type, resource)}/override`, input),
    removeOverride: (key: string, name: string, type: string, resource: string) =>
      send<null>('DELETE', `${resourcePath(key, name, type, resource)}/override`),

    listVariables: (key: string, name: string) =>
      send<Listed<Variable>>('GET', `${environmentPath(key, name)}/variables`),
    setVariable: (key: string, name: string, variable: string, input: VariableRequest) =>
      send<Variable>('PUT', variablePath(key, name, variable), input),
    removeVariable: (key: string, name: string, variable: string) =>
      send<null>('DELETE', variablePath(key, name, variable)),

    listArtifacts: (
      key: string,
      page: Paging & { application?: string; environment?: string; release_stream?: string } = {},
    ) => send<Listed<Artifact>>('GET', `${projectPath(key)}/artifacts`, undefined, page),
    listArtifactsTaken: (key: string, name: string) =>
      send<Listed<Artifact>>('GET', `${environmentPath(key, name)}/artifacts`),
    registerArtifact: (key: string, input: ArtifactRequest) =>
      send<Artifact>('POST', `${projectPath(key)}/artifacts`, input),
    restoreArtifact: (key: string, id: string) =>
      send<Artifact>('POST', `${projectPath(key)}/artifacts/${id}/restore`),
  }
}
