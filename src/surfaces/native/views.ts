import type { DeploymentItem } from '#api/deployment.ts'
import type { Deployment } from '#api/deployment.ts'
import type { Environment } from '#api/environment.ts'
import type { Event } from '#api/event.ts'
import type { Token, User } from '#api/identity.ts'
import type { LiveItem } from '#api/live-item.ts'
import type { Project } from '#api/project.ts'
import type { Release, Revision } from '#api/release.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import type { listDeploymentItems } from '#app/deployments/get-deployment.ts'
import type { getEnvironment } from '#app/environments/get-environment.ts'
import type { listEvents } from '#app/events/list-events.ts'
import type { TokenView } from '#app/identity/token-view.ts'
import type { UserView } from '#app/identity/user-view.ts'
import type { listLive } from '#app/live/list-live.ts'
import type { getProject } from '#app/projects/get-project.ts'
import type { listRevisions } from '#app/releases/list-revisions.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { showId, type Noun } from '#domain/ids.ts'

type ProjectRow = Awaited<ReturnType<typeof getProject>>
type EnvironmentRow = Awaited<ReturnType<typeof getEnvironment>>
type RevisionRow = Awaited<ReturnType<typeof listRevisions>>[number]
type ItemRow = Awaited<ReturnType<typeof listDeploymentItems>>[number]
type LiveRow = Awaited<ReturnType<typeof listLive>>[number]
type EventRow = Awaited<ReturnType<typeof listEvents>>[number]

export function viewProject({
  id,
  key,
  name,
  kind,
  created_by,
  created_at,
  updated_at,
}: ProjectRow): Project {
  return {
    id: showId('project', id),
    key,
    name,
    kind,
    created_by: shown('user', created_by),
    ...times({ created_at, updated_at }),
  }
}

/** `all`: the project's environments, for the parent's name. */
export function viewEnvironment(row: EnvironmentRow, all: readonly EnvironmentRow[]): Environment {
  const { name, tier, requires_parent, executor, version } = row
  return {
    ...{ id: showId('environment', row.id), project_id: showId('project', row.project_id), name, tier },
    ...{
      parent: all.find(({ id }) => id === row.parent_id)?.name ?? null,
      requires_parent,
      executor,
      version,
    },
    ...times(row),
  }
}

export function viewRelease(row: ReleaseView): Release {
  const { branch, name, description, lock, archived, version, item_count } = row
  return {
    ...{
      id: showId('release', row.id),
      project_id: showId('project', row.project_id),
      branch,
      name,
      description,
    },
    ...{ lock, archived, version, ...(item_count !== undefined && { item_count }) },
    ...{ created_by: shown('user', row.created_by), updated_by: shown('user', row.updated_by) },
    ...times(row),
  }
}

export function viewRevision({
  id,
  number,
  digest,
  scope,
  item_count,
  created_by,
  created_at,
}: RevisionRow): Revision {
  const author = shown('user', created_by)
  return {
    id: showId('revision', id),
    number,
    digest,
    scope,
    item_count,
    created_by: author,
    created_at: created_at.toISOString(),
  }
}

export function viewDeployment(row: DeploymentView): Deployment {
  const { environment_name, release_name, revision_number, state, dry_run, forced, reason, version } = row
  const { failure_code, failure_detail, counts, blockers, allowed_actions } = row
  return {
    ...{ id: showId('deployment', row.id), request_id: showId('request', row.request_id) },
    ...{
      project_id: showId('project', row.project_id),
      environment_id: showId('environment', row.environment_id),
    },
    ...{ environment_name, release_id: showId('release', row.release_id), release_name },
    ...{
      revision_id: showId('revision', row.revision_id),
      revision_number,
      plan_id: shown('plan', row.plan_id),
    },
    ...{ rolls_back: shown('deployment', row.rolls_back), state, dry_run, forced, reason, version },
    ...{ failure_code, failure_detail, counts, blockers, allowed_actions, due_at: time(row.due_at) },
    ...{ requested_by: shown('user', row.requested_by), requested_at: row.requested_at.toISOString() },
    ...{
      queued_at: time(row.queued_at),
      started_at: time(row.started_at),
      finished_at: time(row.finished_at),
    },
  }
}

export function viewDeploymentItem(row: ItemRow): DeploymentItem {
  const { item_key: key, kind, title, action, before, after, outcome, code, reason } = row
  return { key, kind, title, action, before, after, outcome, code, reason }
}

export function viewLiveItem({
  item_key: key,
  kind,
  title,
  version,
  uncertain,
  deployment_id,
  updated_at,
}: LiveRow): LiveItem {
  const deployment = shown('deployment', deployment_id)
  return {
    key,
    kind,
    title,
    version,
    uncertain,
    deployment_id: deployment,
    updated_at: updated_at.toISOString(),
  }
}

export function viewUser({
  id,
  email,
  name,
  agent,
  disabled,
  grants,
  created_at,
  updated_at,
}: UserView): User {
  const held = grants.map(({ project_id, role }) => ({ project_id: shown('project', project_id), role }))
  return {
    id: showId('user', id),
    email,
    name,
    agent,
    disabled,
    grants: held,
    ...times({ created_at, updated_at }),
  }
}

export function viewToken(row: TokenView): Token {
  const { kind, name, description, branches, scopes } = row
  return {
    ...{ id: showId('token', row.id), kind, name, description, user_id: shown('user', row.user_id) },
    ...{ project_id: shown('project', row.project_id), branches, scopes, expires_at: time(row.expires_at) },
    environment_ids: row.environment_ids && row.environment_ids.map((id) => showId('environment', id)),
    ...times(row),
  }
}

export function viewEvent({
  id,
  at,
  kind,
  project_id,
  environment_id,
  subject_id,
  actor,
  reason,
  data,
}: EventRow): Event {
  return {
    ...{ id: showId('event', id), at: at.toISOString(), kind, subject_id, reason, data },
    ...{ project_id: shown('project', project_id), environment_id: shown('environment', environment_id) },
    actor: { ...actor, user_id: shown('user', actor.user_id), token_id: shown('token', actor.token_id) },
  }
}

function shown(noun: Noun, id: string | null): string | null {
  return id === null ? null : showId(noun, id)
}

function time(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}

function times({ created_at, updated_at }: { created_at: Date; updated_at: Date }) {
  return { created_at: created_at.toISOString(), updated_at: updated_at.toISOString() }
}
