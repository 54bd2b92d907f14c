import { contentKey, readContentKey, readContentVersion } from '#domain/content-key.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { ItemRequest } from '#app/releases/pin-items.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import type { listReleaseDeployments } from '#app/deployments/list-release-deployments.ts'
import type { UidOf } from '../ids.ts'
import { statusWord } from '../status.ts'
import type { ReleaseItem } from '../wire/release.ts'
import type { ReleaseAnswer, ReleaseItemAnswer, ReleaseStatusAnswer } from '../wire-answers.ts'
import { writeTime } from './time.ts'

export type ReleaseDeployment = Awaited<ReturnType<typeof listReleaseDeployments>>[number]

/** What a release's answer says beside what the release itself does. */
export interface ReleaseNames {
  releases: UidOf
  users: UidOf
  environments: UidOf
}

/** A release without its items, as lists, creating and updating answer it (section 2.1). */
export function writeRelease(
  release: ReleaseView,
  deployments: readonly ReleaseDeployment[],
  pending: boolean,
  names: ReleaseNames,
): ReleaseAnswer {
  return {
    uid: names.releases(release.id) ?? '',
    name: release.name,
    description: release.description,
    locked: release.lock !== null,
    sys_locked: pending,
    sys_version: release.version,
    archived: release.archived,
    status: deployments.map((deployment) => writeStatus(deployment, names)),
    _deploy_latest: false,
    created_by: names.users(release.created_by),
    updated_by: names.users(release.updated_by),
    created_at: writeTime(release.created_at),
    updated_at: writeTime(release.updated_at),
  }
}

function writeStatus(deployment: ReleaseDeployment, names: ReleaseNames): ReleaseStatusAnswer {
  return {
    environment: names.environments(deployment.environment_id) ?? '',
    status: statusWord(deployment.state),
    user: names.users(deployment.requested_by),
    job_id: deployment.request_id,
    time: writeTime(deployment.finished_at),
  }
}

/** What the vendor calls the type of an asset, by the name it uses on `/releases` first (section 2.1). */
export const assetTypes: readonly string[] = ['built_io_upload', 'sys_assets']
const [assetType = ''] = assetTypes

/** The kind under which our catalogue pins assets. */
export const assetKind = 'asset'

export function writeReleaseItem({ key, kind, action, version, title }: PinnedItem): ReleaseItemAnswer {
  const { uid = key, locale = '' } = readContentKey(key) ?? {}
  return {
    uid,
    version: version === null ? null : (readContentVersion(version, locale)?.version ?? null),
    locale,
    content_type_uid: kind === assetKind ? assetType : kind,
    action: action === 'unpublish' ? 'unpublish' : 'publish',
    title,
    variant_id: null,
  }
}

/** An item to pin. Without a locale it is the master's, without an action it is to be published. */
export function readReleaseItem(item: ReleaseItem, branch: string, master: string): ItemRequest {
  const { uid, locale = master, content_type_uid, version, action = 'publish', title } = item
  const request: ItemRequest = { key: contentKey({ branch, uid, locale }), action }
  if (content_type_uid !== undefined)
    request.kind = assetTypes.includes(content_type_uid) ? assetKind : content_type_uid
  if (version !== undefined && version !== null) request.version = version
  if (title) request.title = title
  return request
}
