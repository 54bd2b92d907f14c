import type { LiveItem } from '#api/live-item.ts'
import type { listLive } from '#app/live/list-live.ts'
import { shown } from './shown.ts'

type LiveRow = Awaited<ReturnType<typeof listLive>>[number]

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
