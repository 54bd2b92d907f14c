import type { Readable } from 'node:stream'
import { packArchive } from '#ground/archive.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { getPlace, type Place } from '../content/content-place.ts'
import type { ContentFormats } from './content-format.ts'
import { formatNamed } from './import-view.ts'

/**
 * A branch as a tar in a format that it can be brought in from again. Read page by page while people go on working:
 * each thing is as it was when its page was read. Throws `invalid` (`format`), `not_found` (the branch).
 */
export async function exportContent(
  ctx: Context,
  formats: ContentFormats,
  { format, ...place }: Place & { format: string },
): Promise<Readable> {
  authorize(ctx, 'catalogue.read', place)
  const { write } = formatNamed(formats, format)
  await getPlace(ctx.db, place)
  return packArchive(write(ctx, place), ctx.now())
}
