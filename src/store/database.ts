import type { Kysely } from 'kysely'
import type { ApprovalTable } from './approval.ts'
import type { BulkJobTable } from './bulk-job.ts'
import type { BulkJobItemTable } from './bulk-job-item.ts'
import type { CandidateTable } from './candidate.ts'
import type { CandidatePickTable } from './candidate-pick.ts'
import type { ChoreTable } from './chore.ts'
import type { CodeSettingsTable } from './code-settings.ts'
import type { CommitPatchTable } from './commit-patch.ts'
import type { ContentBranchTable } from './content-branch.ts'
import type { ContentBranchAliasTable } from './content-branch-alias.ts'
import type { ContentDraftTable } from './content-draft.ts'
import type { ContentImportTable } from './content-import.ts'
import type { ContentImportFileTable } from './content-import-file.ts'
import type { ContentImportNoteTable } from './content-import-note.ts'
import type { ContentImportPublicationTable } from './content-import-publication.ts'
import type { ContentEditionTable } from './content-edition.ts'
import type { ContentItemTable } from './content-item.ts'
import type { ContentLocaleTable } from './content-locale.ts'
import type { ContentPublishedTable } from './content-published.ts'
import type { ContentTypeTable } from './content-type.ts'
import type { ContentTypeRemovalTable } from './content-type-removal.ts'
import type { ContentTypeVersionTable } from './content-type-version.ts'
import type { ContentUniqueTable } from './content-unique.ts'
import type { ContentVersionTable } from './content-version.ts'
import type { DeploymentTable } from './deployment.ts'
import type { DeploymentItemTable } from './deployment-item.ts'
import type { DeploymentStepTable } from './deployment-step.ts'
import type { DispatchTable } from './dispatch.ts'
import type { EnvironmentTable } from './environment.ts'
import type { EventTable } from './event.ts'
import type { EventAnchorTable } from './event-anchor.ts'
import type { EventSealTable } from './event-seal.ts'
import type { ExternalIdTable } from './external-id.ts'
import type { IdempotencyKeyTable } from './idempotency-key.ts'
import type { FreezeTable } from './freeze.ts'
import type { GateOverrideTable } from './gate-override.ts'
import type { HoldTable } from './hold.ts'
import type { LiveTable } from './live.ts'
import type { LogLineTable, LogTable } from './log.ts'
import type { MigrationTable } from './migrate.ts'
import type { PlanTable } from './plan.ts'
import type { ProjectTable } from './project.ts'
import type { ReleaseTable } from './release.ts'
import type { ReleaseItemTable } from './release-item.ts'
import type { RepositoryTable } from './repository.ts'
import type { RevisionTable } from './revision.ts'
import type { RoleGrantTable } from './role-grant.ts'
import type { RunTable } from './run.ts'
import type { TokenTable } from './token.ts'
import type { UserTable } from './user.ts'
import type { WebhookProgressTable, WebhookTable } from './webhook.ts'
import type { WebhookAttemptTable, WebhookDeliveryTable } from './webhook-delivery.ts'
import type { WebhookExpansionTable } from './webhook-expansion.ts'
import type { SigningKeyTable } from './signing-key.ts'

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
  content_import: ContentImportTable
  content_import_file: ContentImportFileTable
  content_import_note: ContentImportNoteTable
  content_import_publication: ContentImportPublicationTable
  content_edition: ContentEditionTable
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
  environment: EnvironmentTable
  event: EventTable
  event_anchor: EventAnchorTable
  event_seal: EventSealTable
  external_id: ExternalIdTable
  idempotency_key: IdempotencyKeyTable
  freeze: FreezeTable
  gate_override: GateOverrideTable
  hold: HoldTable
  live: LiveTable
  log: LogTable
  log_line: LogLineTable
  migration: MigrationTable
  plan: PlanTable
  project: ProjectTable
  release: ReleaseTable
  release_item: ReleaseItemTable
  repository: RepositoryTable
  revision: RevisionTable
  role_grant: RoleGrantTable
  run: RunTable
  token: TokenTable
  user: UserTable
  signing_key: SigningKeyTable
  webhook: WebhookTable
  webhook_attempt: WebhookAttemptTable
  webhook_delivery: WebhookDeliveryTable
  webhook_expansion: WebhookExpansionTable
  webhook_progress: WebhookProgressTable
}

/** The store, or a transaction in it: whatever a function of the store is given, it stays inside. */
export type Db = Kysely<Database>
