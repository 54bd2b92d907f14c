import { addInBulk } from '#app/bulk/add-in-bulk.ts'
import { refreshInBulk } from '#app/bulk/refresh-in-bulk.ts'
import { contentKey } from '#domain/content-key.ts'
import { invalidField } from '#domain/errors.ts'
import { findRelease } from '../find-release.ts'
import { limitsOf, refuseTooMany } from '../limits.ts'
import { masterLocale } from '../master-locale.ts'
import { refuseVariants } from '../refuse-variants.ts'
import { answering, takes, type StackCall } from '../route.ts'
import { readReleaseItem } from '../translate/release.ts'
import { JobNotice } from '../wire-answers/bulk.ts'
import { BulkAdd, BulkUpdate } from '../wire/bulk.ts'

const added = 'Your add to release request is in progress.'
const updated = 'Your update release items to latest version request is in progress.'

/** The work is done when the answer leaves; the job says what became of each item (section 2.5). */
export const bulkReleaseRoutes = {
  addReleaseItems: answering(
    JobNotice,
    takes(BulkAdd, async (call: StackCall, { release, action, locale, reference, items }) => {
      const { ctx, project_id, branch } = call
      const of = await limitsOf(call)
      refuseTooMany(of, items, true)
      refuseVariants(items, 'items')
      const { id: release_id } = await findRelease(call, release)
      const named = codesOf(locale)
      const others = await othersIn(call, named, items)
      const requests = items.flatMap(({ content_type, locale: own, ...item }) =>
        (own === undefined ? others : [own]).map((code) =>
          readReleaseItem({ content_type_uid: content_type, action, ...item, locale: code }, branch, code),
        ),
      )
      const { job_id } = await addInBulk(ctx, {
        ...{ project_id, release_id, items: requests, locales: named },
        ...{ with_references: reference ?? false, most: of.items_per_release },
      })
      return { notice: added, job_id }
    }),
  ),

  /** Each item keeps its own action: taken for all, one action would turn what is to go into what is to come. */
  updateReleaseItems: answering(
    JobNotice,
    takes(BulkUpdate, async (call: StackCall, { release, locale, reference, items }) => {
      const { ctx, project_id, branch } = call
      const of = await limitsOf(call)
      refuseTooMany(of, items, true)
      const all = items.includes('$all')
      if (all && items.length > 1)
        throw invalidField('items', 'invalid', 'must be ["$all"] or a list of items, not both.')
      const some = items.filter((item) => item !== '$all')
      refuseVariants(some, 'items')
      const { id: release_id } = await findRelease(call, release)
      const named = codesOf(locale)
      const others = await othersIn(call, named, some)
      const keys = some.flatMap(({ uid, locale: own }) =>
        (own === undefined ? others : [own]).map((code) => contentKey({ branch, uid, locale: code })),
      )
      const { job_id } = await refreshInBulk(ctx, {
        ...{ project_id, release_id, keys: all ? 'all' : keys, locales: named },
        ...{ with_references: reference ?? false, most: of.items_per_release },
      })
      return { notice: updated, job_id }
    }),
  ),
}

function codesOf(locale: string | string[] | undefined): string[] {
  return locale === undefined ? [] : [...new Set([locale].flat())]
}

/** Under which items are meant that name no language of their own. */
async function othersIn(
  call: StackCall,
  named: string[],
  items: readonly { locale?: string }[],
): Promise<string[]> {
  if (named.length > 0 || items.every(({ locale }) => locale !== undefined)) return named
  return [await masterLocale(call)]
}
