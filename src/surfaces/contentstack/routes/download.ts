import type { FastifyRequest } from 'fastify'
import { openAsset, type AssetBytes } from '#app/content/open-asset.ts'
import { openPublishedAsset } from '#app/content/published-assets.ts'
import { asPrincipal } from '#app/context.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { DomainError } from '#domain/errors.ts'
import { admitTo, header, namedBranch } from '../auth.ts'
import { surface } from '../ids.ts'
import { letRead } from '../let-read.ts'
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
    branch: await namedBranch(house, project_id, text(query, 'branch')),
    uid: params.asset ?? '',
    version: whole({ version: params.version }, 'version', 1),
  }
  const ctx = await admitTo(project_id, house, request)
  const range = readRange(request)
  const wanted = { ...asked, part_of: range.part_of }
  // A published file is public: Headgate itself reads it out to whoever asks.
  const file = ctx ? await openAsset(ctx, wanted) : await openPublishedAsset(asPrincipal(house, null), wanted)
  const etag = `"${file.digest}"`
  reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    // What is no longer published is no longer read out: so each copy is asked about, which costs no bytes.
    .header('cache-control', `${ctx ? 'private' : 'public'}, no-cache`)
    .header('content-disposition', dispositionOf(file))
  letRead(reply)
  if (header(request, 'if-none-match')?.includes(etag)) {
    file.stream.destroy()
    return reply.status(304).send()
  }
  if (range.beyond) {
    file.stream.destroy()
    return reply.status(416).header('content-range', `bytes */${file.size}`).send()
  }
  const { part } = file
  const end = part?.end ?? file.size - 1
  if (part) reply.status(206).header('content-range', `bytes ${part.start}-${end}/${file.size}`)
  reply.type(file.content_type).header('content-length', part ? end - part.start + 1 : file.size)
  return file.stream
})

/** What a browser would run is offered for saving only: uploads are somebody's, the address is ours. */
function dispositionOf({ content_type, filename }: AssetBytes): string {
  const shown = /^(image\/(?!svg)|audio\/|video\/|text\/plain$|application\/pdf$)/.test(content_type)
  return `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(filename)}`
}

/**
 * One range of bytes, as players and resumed downloads ask for it; of several, or of another version than the one
 * that `if-range` names, all is sent.
 */
function readRange(request: FastifyRequest) {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header(request, 'range') ?? '') ?? []
  const range = {
    beyond: false,
    part_of: (size: number) => {
      if ((from === '' && to === '') || header(request, 'if-range') !== undefined) return undefined
      const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
      const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
      range.beyond = start > end
      return range.beyond ? undefined : { start, end }
    },
  }
  return range
}
