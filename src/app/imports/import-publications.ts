import { pinItems } from '#catalogue/content/pin-items.ts'
import { contentKey, contentVersion } from '#domain/content-key.ts'
import { isDomainError } from '#domain/errors.ts'
import { finalStates } from '#domain/lifecycle.ts'
import {
  listOpenPublications,
  settlePublications,
  upsertPublications,
  type NewPublication,
  type OpenPublication,
} from '#store/content-import-publication.ts'
import type { Unit } from '../context.ts'
import { getPlace } from '../content/content-place.ts'
import { requestOneShotIn } from '../deployments/request-one-shot.ts'
import type { PublishedAt } from './content-format.ts'
import { count, type Tally } from './tally.ts'
import type { Work } from './work.ts'

/** Items of one deployment at most: few are looked at, approved and watched more easily than many. */
const perDeployment = 5000

/** A version's number here, or why it may not be published. */
export type Numbered = number | { refused: string }

export interface Published {
  uid: string
  kind: string
  file: string
  /** In which it is written. */
  source_locale: string
  /** The version that the files hold. */
  version: number
  /** What versions that came in are called here, by what they were called there. */
  numbers: ReadonlyMap<number, Numbered>
  places: readonly PublishedAt[]
  /** Locales in which it has a file of its own, which says what of it is published there. */
  others: ReadonlySet<string>
}

/** Notes what of an item is to be published where, and tells what cannot be. */
export function wantPublished(work: Work, tally: Tally, item: Published): NewPublication[] {
  const { uid, kind, file, source_locale, version, numbers, places, others } = item
  if (!work.row.publish) return []
  const refuse = (detail: string) => {
    count(tally, 'publication', 'skipped')
    tally.notes.push({ kind: 'not_published', file, item: uid, detail })
    return []
  }
  return places.flatMap(({ environment, locale, version: live, at }): NewPublication[] => {
    if (locale !== source_locale && others.has(locale)) return []
    const known = work.environments.get(environment)
    const where = `${known?.name ?? environment} (${locale})`
    if (!known) return refuse(`It was live in ${where}, which is none of the environments in the export.`)
    const { id } = known
    const number = numbers.get(live)
    if (number === undefined)
      return refuse(`Version ${live} was live in ${where}, and the export holds version ${version} only.`)
    if (typeof number !== 'number') return refuse(`It was live in ${where}: ${number.refused}`)
    if (id === null) {
      count(tally, 'publication', 'requested')
      return []
    }
    return [{ environment_id: id, uid, locale, kind, source_locale, version: number, file, published_at: at }]
  })
}

export function keepPublications(
  { row }: Work,
  { tx }: Unit,
  wanted: readonly NewPublication[],
): Promise<void> {
  return upsertPublications(tx, row.id, wanted)
}

/**
 * Asks for the next deployment of what was published there and is not live here: of one environment, as any other
 * deployment. Answers whether there was anything to look at.
 */
export async function publishNext(work: Work, unit: Unit, tally: Tally): Promise<boolean> {
  const { project_id, branch, row } = work
  const { branch_id } = await getPlace(unit.tx, { project_id, branch })
  const open = await listOpenPublications(unit.tx, {
    ...{ import_id: row.id, branch_id, final_states: finalStates, limit: perDeployment },
  })
  const [first] = open
  if (!first) return false
  const wanted = open.filter(({ live, waiting }) => !live && !waiting)
  const { ready, refused } = row.dry_run ? { ready: wanted, refused: [] } : await pinnable(work, unit, wanted)
  const asked = ready.length > 0 && !row.dry_run ? await request(work, unit, ready) : { deployment_id: null }
  if ('refused' in asked) refused.push(...ready.splice(0).map((one) => ({ one, detail: asked.refused })))
  for (const { one, detail } of refused)
    tally.notes.push({ kind: 'not_published', file: one.file, item: one.uid, detail })
  const deployment_id = 'deployment_id' in asked ? asked.deployment_id : null
  const isReady = new Set(ready)
  const settled = open.map((one) => ({
    ...{ environment_id: one.environment_id, uid: one.uid, locale: one.locale },
    ...{ outcome: outcomeOf(one, isReady), deployment_id: isReady.has(one) ? deployment_id : null },
  }))
  await settlePublications(unit.tx, row.id, settled)
  const words = { live: 'unchanged', requested: 'requested', waiting: 'waiting', refused: 'skipped' } as const
  for (const { outcome } of settled) count(tally, 'publication', words[outcome])
  return true
}

function outcomeOf(one: OpenPublication, ready: ReadonlySet<OpenPublication>) {
  if (one.live) return 'live' as const
  if (one.waiting) return 'waiting' as const
  return ready.has(one) ? ('requested' as const) : ('refused' as const)
}

/** Whoever may not deploy to this environment has brought the content in, and is told that it is not live. */
async function request(
  work: Work,
  unit: Unit,
  items: readonly OpenPublication[],
): Promise<{ deployment_id: string | null } | { refused: string }> {
  const { ctx, project_id, branch, row } = work
  const { environment_id, environment_name } = items[0]!
  try {
    const [deployment] = await requestOneShotIn(ctx, unit, {
      ...{ project_id, branch, environment_ids: [environment_id] },
      items: items.map(({ uid, locale, kind, version }) => ({
        ...{ key: contentKey({ branch, uid, locale }), kind, action: 'publish' as const, version },
      })),
      on_item_failure: 'continue',
      reason: `What was live where the content was brought from (import of ${row.created_at.toISOString()})`,
    })
    return { deployment_id: deployment?.id ?? null }
  } catch (error) {
    // Asked before anything is written.
    if (!isDomainError(error, 'forbidden')) throw error
    return { refused: `It was live in ${environment_name}: ${error.details.detail}` }
  }
}

/** What can be pinned as it was live there. */
async function pinnable({ project_id, branch }: Work, { tx }: Unit, wanted: readonly OpenPublication[]) {
  const items = wanted.map(({ uid, locale, kind, version }) => ({
    ...{ key: contentKey({ branch, uid, locale }), kind, action: 'publish' as const, version },
  }))
  const { pinned, faults } = await pinItems(tx, { project_id, branch, items })
  const refused = faults.flatMap(({ field, detail }) => {
    const one = wanted[Number(field.split('.')[1])]
    return one ? [{ one, detail: `It was live in ${placeOf(one)}: ${detail}` }] : []
  })
  const versions = new Map(pinned.map(({ key, version }) => [key, version]))
  const gone = new Set(refused.map(({ one }) => one))
  const ready: OpenPublication[] = []
  for (const one of wanted) {
    if (gone.has(one)) continue
    const { uid, locale, version, source_locale } = one
    const meant = contentVersion({ version, source_locale }, locale)
    if (versions.get(contentKey({ branch, uid, locale })) === meant) ready.push(one)
    else
      refused.push({
        one,
        detail: `It was live in ${placeOf(one)} as ${source_locale} says it, but is written in ${locale} itself here.`,
      })
  }
  return { ready, refused }
}

function placeOf({ environment_name, locale }: OpenPublication): string {
  return `${environment_name} (${locale})`
}
