import type { OverrideView } from '#app/infra/get-override.ts'
import type { ResourceView } from '#app/infra/list-resources.ts'
import type { OverrideObject, ResourceStatus } from '../wire/resource.ts'

/** Where there is none, an empty one: clients read it, change it and send it back (section 2.4). */
export function writeOverride(
  clusterId: string,
  named: { type: string; name: string },
  row: OverrideView | undefined,
): OverrideObject {
  return {
    clusterId,
    resourceType: named.type,
    resourceName: named.name,
    overrides: row?.changes ?? {},
    ...(row?.disabled === null || row?.disabled === undefined ? {} : { disabled: row.disabled }),
    ...(row?.reason ? { changeLog: row.reason } : {}),
    ...(row ? { updatedAt: row.updated_at.toISOString() } : {}),
  }
}

/** Whether what a release would make of a resource is what is live of it. */
export function writeStatus(view: ResourceView): ResourceStatus {
  const { type, name, version, live_version, uncertain, disabled, override_version, instance } = view
  const flavor = instance?.flavor
  return {
    ...{ resourceName: name, resourceType: type },
    syncStatus: version === live_version && !uncertain ? 'IN_SYNC' : 'OUT_OF_SYNC',
    ...(version === null ? {} : { currentBPVersion: version }),
    ...(live_version === null ? {} : { liveBPVersion: live_version }),
    ...(override_version === null ? {} : { currentOverrideVersion: String(override_version) }),
    ...{ disabled: disabled !== null, deployed: live_version !== null },
    ...(typeof flavor === 'string' ? { flavor } : {}),
  }
}
