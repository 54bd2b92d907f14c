import { flag } from './query.ts'
import type { StackCall } from './route.ts'
import type { AssetPlace } from './translate/asset.ts'

/** Where the assets of this stack are read: as this client reached us, or without the host (`relative_urls`). */
export function assetPlace({ request, api_key, branch, query }: StackCall): AssetPlace {
  const origin = flag(query, 'relative_urls') ? '' : `${request.protocol}://${request.host}`
  return { origin, api_key, branch }
}
