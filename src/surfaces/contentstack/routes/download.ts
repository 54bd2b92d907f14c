import { openAsset } from '#app/content/open-asset.ts'
import { openPublishedAsset } from '#app/content/published-assets.ts'
import { asPrincipal } from '#app/context.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { DomainError } from '#domain/errors.ts'
import { admitTo } from '../auth.ts'
import { surface } from '../ids.ts'
import { text, whole } from '../query.ts'
import { reads, type OpenCall } from '../route.ts'

/**
 * The bytes of an asset, at the address that entries carry and pages embed. Whoever has the address reads a version
 * that is published somewhere; drafts and earlier versions want a credential that reads the stack.
 */
export const download = reads(async (call: OpenCall) => {
  const { house, params, query, request, reply } = call
  const project_id = await resolveExternal(house, surface, 'stack', params.api_key ?? '')
  if (!project_id) throw new DomainError('unauthenticated', { credential: 'project_key' })
  const asked = {
    project_id,
    branch: text(query, 'branch') ?? 'main',
    uid: params.asset ?? '',
    version: whole({ version: params.version }, 'version', 1),
  }
  const ctx = await admitTo(project_id, house, request)
  // A published file is public: Headgate itself reads it out to whoever asks.
  const file = ctx ? await openAsset(ctx, asked) : await openPublishedAsset(asPrincipal(house, null), asked)
  const shown = /^(image\/(?!svg)|audio\/|video\/|text\/plain|application\/pdf)/.test(file.content_type)
  reply
    .type(file.content_type)
    .header('content-length', file.size)
    .header('etag', `"${file.digest}"`)
    // Other sites embed it; what a browser would run is offered for saving only.
    .header('cross-origin-resource-policy', 'cross-origin')
    .header(
      'content-disposition',
      `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
    )
  return file.stream
})
