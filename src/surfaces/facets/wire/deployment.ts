import { Type, type Static } from 'typebox'
import { releaseTypes, statusWords } from '../words.ts'
import { AnyObject, Flag, Id, listOf, OneOf, Text, Time, Whole } from './fields.ts'

// The models of section 2.3.

export const FacetsResource = Type.Object({
  resourceName: Type.String({ examples: ['api'] }),
  resourceType: Type.Optional(Type.String({ default: 'application', examples: ['service'] })),
})

export const HotfixDeploymentRecipe = Type.Object({
  resourceList: Type.Array(FacetsResource, { minItems: 1 }),
})

export const DeploymentRequest = Type.Object({
  releaseType: OneOf(releaseTypes),
  overrideBuildSteps: Type.Optional(
    Type.Array(Type.String(), { maxItems: 0, description: 'Empty: no commands are run' }),
  ),
  extraEnv: Type.Optional(Type.Object({}, { description: 'Empty', additionalProperties: false })),
  allowDestroy: Type.Optional(Type.Boolean({ default: false })),
  withRefresh: Type.Optional(Type.Boolean({ default: false })),
  forceRelease: Type.Optional(Type.Boolean({ default: false })),
  releaseComment: Text,
  planCodeBuildId: Type.Optional(
    Type.String({ description: 'The plan that is applied, by the id of its log' }),
  ),
  hotfixResources: listOf(FacetsResource),
  lockId: Text,
  canQueue: Type.Optional(Type.Boolean({ default: false })),
  releaseTraceId: Text,
  rollbackDeploymentId: Id,
})

const TerraformChange = Type.Object({
  resourcePath: Text,
  resourceKey: Text,
  type: Type.Optional(OneOf(['Creation', 'Modifications', 'Destruction'])),
})

const RawError = Type.Object({ stackTrace: Text, errorMessage: Text, description: Text, resolution: Text })

export const ValidationResponse = Type.Object({
  category: Text,
  severity: Type.Optional(OneOf(['ERROR', 'WARNING'])),
  filename: Text,
  lineNumber: Whole,
  path: Text,
  resourceType: Text,
  resourceName: Text,
  message: Text,
})

const ValidationResult = Type.Object({
  valid: Flag,
  errors: listOf(
    Type.Object({ filename: Text, error: Text, directory: Text, type: Text, syntaxError: Flag }),
  ),
})

export const DeploymentLog = Type.Object({
  id: Id,
  codebuildId: Id,
  description: Text,
  createdOn: Time,
  finishedOn: Time,
  timeTakenInSeconds: Whole,
  releaseType: Type.Optional(OneOf(releaseTypes)),
  status: Type.Optional(OneOf(statusWords)),
  changesApplied: listOf(TerraformChange),
  appDeployments: listOf(Type.Object({ appName: Text, artifact: Text })),
  migrationScriptsRun: listOf(AnyObject),
  errorLogs: listOf(RawError),
  deploymentType: Type.Optional(OneOf(['REGULAR', 'CUSTOM', 'ROLLBACK'])),
  stackVersion: Text,
  signedOff: Flag,
  triggeredBy: Text,
  overrideBuildSteps: listOf(Type.String()),
  integrationTest: Flag,
  withRefresh: Flag,
  isDestroy: Flag,
  allowDestroy: Flag,
  forceRelease: Flag,
  validationResult: Type.Optional(ValidationResult),
  releaseComment: Text,
  hotfixResources: listOf(FacetsResource),
  labelIds: listOf(Type.String()),
  releaseReviewedBy: Text,
  approvedReleaseId: Id,
  validationResponses: listOf(ValidationResponse),
  releaseTraceId: Text,
  rollbackDeploymentId: Id,
  parallelRelease: Flag,
})
export type DeploymentLog = Static<typeof DeploymentLog>

const DeploymentsStats = Type.Object({
  successReleases: Whole,
  failedReleases: Whole,
  noChangeReleases: Whole,
  isFirstRelease: Flag,
})

export const ListDeploymentsWrapper = Type.Object({
  clusterId: Text,
  deployments: listOf(DeploymentLog),
  deploymentsFull: listOf(DeploymentLog),
  downStreamClusterNames: listOf(Type.String()),
  currentSignedOffDeployment: Type.Optional(DeploymentLog),
  stack: Text,
  deploymentsStats: Type.Optional(DeploymentsStats),
})

export const QueuedRelease = Type.Object({
  id: Id,
  clusterId: Text,
  releaseType: Type.Optional(OneOf(releaseTypes)),
  hotfixResources: listOf(FacetsResource),
  withRefresh: Flag,
  forceRelease: Flag,
  allowDestroy: Flag,
  comment: Text,
  overrideBuildSteps: listOf(Type.String()),
  canQueue: Flag,
  triggeredBy: Text,
  creationDate: Time,
  releaseTraceId: Text,
  skipStateCheck: Flag,
  parallelRelease: Flag,
})
export type QueuedRelease = Static<typeof QueuedRelease>

export const DeploymentOverview = Type.Object({
  clusterId: Text,
  stack: Text,
  latestDeployment: Type.Optional(DeploymentLog),
  currentSignedOffDeployment: Type.Optional(DeploymentLog),
  inProgressDeployments: listOf(DeploymentLog),
  downStreamClusterNames: listOf(Type.String()),
  deploymentsStats: Type.Optional(DeploymentsStats),
  isScheduledReleasesPaused: Flag,
  queuedReleases: listOf(QueuedRelease),
  executionTime: Type.Optional(AnyObject),
})

export const DeploymentStats = Type.Object({
  stats: Type.Optional(DeploymentsStats),
  dateWiseCounts: listOf(Type.Object({ date: Text, status: Text, count: Whole })),
})

export const ReleaseChanges = Type.Object({
  id: Id,
  deploymentId: Id,
  changes: listOf(
    Type.Object({
      changeType: Type.Optional(OneOf(['ADDED', 'MODIFIED', 'REMOVED'])),
      resourceName: Text,
      resourceType: Text,
      flavor: Text,
      changedAttributes: listOf(Type.Object({ attribute: Text, oldValue: Text, newValue: Text })),
    }),
  ),
})
export type ReleaseChanges = Static<typeof ReleaseChanges>

export const SimulatedChange = Type.Object({
  changeType: Type.Optional(
    OneOf(['BLUEPRINT_CHANGES', 'IAC_CHANGES', 'OVERRIDE_CHANGES', 'ARTIFACT_CHANGES']),
  ),
  action: Type.Optional(OneOf(['ADDED', 'CHANGED', 'REMOVED'])),
  resourceType: Text,
  resourceName: Text,
  attribute: Text,
  oldValue: Type.Optional(Type.String()),
  newValue: Type.Optional(Type.String()),
})

export const LogPage = Type.Object({
  nextToken: Text,
  logEventList: listOf(Type.Object({ timestamp: Whole, message: Text })),
})
