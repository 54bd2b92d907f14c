import type { Artifact, InfraSettings, ResourceOverride, Variable } from '#api/infra.ts'
import type { InfraSettingsView } from '#app/infra/get-infra-settings.ts'
import type { OverrideView } from '#app/infra/get-override.ts'
import type { ArtifactView } from '#app/infra/register-artifact.ts'
import type { VariableView } from '#app/infra/variable-view.ts'
import { resourceKey } from '#domain/blueprint.ts'
import { showId } from '#domain/ids.ts'
import { shown } from './shown.ts'

export function viewOverride(row: OverrideView): ResourceOverride {
  const { resource_type: type, resource_name: name, changes, disabled, reason, version } = row
  const { updated_by, updated_at } = row
  return {
    ...{ key: resourceKey(type, name), type, name, changes, disabled, reason, version },
    ...{ updated_by: shown('user', updated_by), updated_at: updated_at.toISOString() },
  }
}

export function viewVariable({
  name,
  value,
  secret,
  version,
  updated_by,
  updated_at,
}: VariableView): Variable {
  return {
    ...{ name, value, secret, version },
    ...{ updated_by: shown('user', updated_by), updated_at: updated_at.toISOString() },
  }
}

export function viewArtifact(row: ArtifactView): Artifact {
  const { application, uri, release_stream, external_id, tag, description, metadata } = row
  return {
    ...{ id: showId('artifact', row.id), application, uri, release_stream, external_id, tag, description },
    ...{ environment_id: shown('environment', row.environment_id), metadata },
    ...{ restores: shown('artifact', row.restores), registered_by: shown('user', row.registered_by) },
    created_at: row.created_at.toISOString(),
  }
}

export function viewInfraSettings(view: InfraSettingsView): InfraSettings {
  const { blueprint, modules, remote_sources, pre_release_hook, version, updated_at } = view
  const environments = view.environments.map((one) => {
    const { name, cloud, time_zone, release_stream, branch, facts, drift_cron, drift_time_zone } = one
    return { name, cloud, time_zone, release_stream, branch, facts, drift_cron, drift_time_zone }
  })
  return {
    ...{ blueprint, modules, remote_sources, pre_release_hook, environments, version },
    updated_at: updated_at.toISOString(),
  }
}
