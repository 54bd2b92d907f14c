import type { Kysely } from 'kysely'
import type { ApprovalTable } from './approval.ts'
import type { BulkJobItemTable } from './bulk-job-item.ts'
import type { BulkJobTable } from './bulk-job.ts'
import type { CandidatePickTable } from './candidate-pick.ts'
import type { CandidateTable } from './candidate.ts'
import type { ChoreTable } from './chore.ts'
import type { CodeSettingsTable } from './code-settings.ts'
import type { CommitPatchTable } from './commit-patch.ts'
import type { ContentBranchAliasTable } from './content-branch-alias.ts'
import type { ContentBranchTable } from './content-branch.ts'
import type { ContentDraftTable } from './content-draft.ts'
import type { ContentEditionTable } from './content-edition.ts'
import type { ContentImportFileTable } from './content-import-file.ts'
import type { ContentImportNoteTable } from './content-import-note.ts'
import type { ContentImportPublicationTable } from './content-import-publication.ts'
import type { ContentImportTable } from './content-import.ts'
import type { ContentItemTable } from './content-item.ts'
import type { ContentLocaleTable } from './content-locale.ts'
import type { ContentPublishedTable } from './content-published.ts'
import type { ContentTypeRemovalTable } from './content-type-removal.ts'
import type { ContentTypeVersionTable } from './content-type-version.ts'
import type { ContentTypeTable } from './content-type.ts'
import type { ContentUniqueTable } from './content-unique.ts'
import type { ContentVersionTable } from './content-version.ts'
import type { DeploymentItemTable } from './deployment-item.ts'
import type { DeploymentStepTable } from './deployment-step.ts'
import type { DeploymentTable } from './deployment.ts'
import type { DispatchTable } from './dispatch.ts'
import type { DriftIgnoreTable } from './drift-ignore.ts'
import type { DriftTable } from './drift.ts'
import type { EnvironmentTable } from './environment.ts'
import type { EventAnchorTable } from './event-anchor.ts'
import type { EventSealTable } from './event-seal.ts'
import type { EventTable } from './event.ts'
import type { ExternalIdTable } from './external-id.ts'
import type { FreezeTable } from './freeze.ts'
import type { GateOverrideTable } from './gate-override.ts'
import type { HoldTable } from './hold.ts'
import type { IdempotencyKeyTable } from './idempotency-key.ts'
import type { InfraArtifactTable } from './infra-artifact.ts'
import type { InfraEnvironmentTable } from './infra-environment.ts'
import type { InfraModuleTable } from './infra-module.ts'
import type { InfraOverrideTable } from './infra-override.ts'
import type { InfraResourceTable } from './infra-resource.ts'
import type { InfraSettingsTable } from './infra-settings.ts'
import type { InfraSnapshotTable } from './infra-snapshot.ts'
import type { InfraStateVersionTable } from './infra-state-version.ts'
import type { InfraStateTable } from './infra-state.ts'
import type { InfraVariableTable } from './infra-variable.ts'
import type { LiveTable } from './live.ts'
import type { LogLineTable, LogTable } from './log.ts'
import type { MigrationTable } from './migrate.ts'
import type { PlanEffectTable } from './plan-effect.ts'
import type { PlanTable } from './plan.ts'
import type { ProjectTable } from './project.ts'
import type { ReleaseItemTable } from './release-item.ts'
import type { ReleaseScheduleTable } from './release-schedule.ts'
import type { ReleaseTable } from './release.ts'
import type { RepositoryTable } from './repository.ts'
import type { RevisionTable } from './revision.ts'
import type { RoleGrantTable } from './role-grant.ts'
import type { RunTable } from './run.ts'
import type { SigningKeyTable } from './signing-key.ts'
import type { TokenTable } from './token.ts'
import type { UserTable } from './user.ts'
import type { WebhookAttemptTable, WebhookDeliveryTable } from './webhook-delivery.ts'
import type { WebhookExpansionTable } from './webhook-expansion.ts'
import type { WebhookProgressTable, WebhookTable } from './webhook.ts'

/** Every table, by its name in SQL. */
export interface Database {
  approval: ApprovalTable
  bulk_job: BulkJobTable
  bulk_job_item: BulkJobItemTable
  candidate: CandidateTable
  candidate_pick: CandidatePickTable
  chore: ChoreTable
  code_settings: CodeSettingsTable
  commit_patch: CommitPatchTable
  content_branch: ContentBranchTable
  content_branch_alias: ContentBranchAliasTable
  content_draft: ContentDraftTable
  content_edition: ContentEditionTable
  content_import: ContentImportTable
  content_import_file: ContentImportFileTable
  content_import_note: ContentImportNoteTable
  content_import_publication: ContentImportPublicationTable
  content_item: ContentItemTable
  content_locale: ContentLocaleTable
  content_published: ContentPublishedTable
  content_type: ContentTypeTable
  content_type_removal: ContentTypeRemovalTable
  content_type_version: ContentTypeVersionTable
  content_unique: ContentUniqueTable
  content_version: ContentVersionTable
  deployment: DeploymentTable
  deployment_item: DeploymentItemTable
  deployment_step: DeploymentStepTable
  dispatch: DispatchTable
  drift: DriftTable
  drift_ignore: DriftIgnoreTable
  environment: EnvironmentTable
  event: EventTable
  event_anchor: EventAnchorTable
  event_seal: EventSealTable
  external_id: ExternalIdTable
  freeze: FreezeTable
  gate_override: GateOverrideTable
  hold: HoldTable
  idempotency_key: IdempotencyKeyTable
  infra_artifact: InfraArtifactTable
  infra_environment: InfraEnvironmentTable
  infra_module: InfraModuleTable
  infra_override: InfraOverrideTable
  infra_resource: InfraResourceTable
  infra_settings: InfraSettingsTable
  infra_snapshot: InfraSnapshotTable
  infra_state: InfraStateTable
  infra_state_version: InfraStateVersionTable
  infra_variable: InfraVariableTable
  live: LiveTable
  log: LogTable
  log_line: LogLineTable
  migration: MigrationTable
  plan: PlanTable
  plan_effect: PlanEffectTable
  project: ProjectTable
  release: ReleaseTable
  release_item: ReleaseItemTable
  release_schedule: ReleaseScheduleTable
  repository: RepositoryTable
  revision: RevisionTable
  role_grant: RoleGrantTable
  run: RunTable
  signing_key: SigningKeyTable
  token: TokenTable
  user: UserTable
  webhook: WebhookTable
  webhook_attempt: WebhookAttemptTable
  webhook_delivery: WebhookDeliveryTable
  webhook_expansion: WebhookExpansionTable
  webhook_progress: WebhookProgressTable
}

/** The store, or a transaction in it: whatever a function of the store is given, it stays inside. */
export type Db = Kysely<Database>
