import { isDeepStrictEqual } from 'node:util'
import { masterOf } from '#catalogue/content/locales.ts'
import { readFields } from '#catalogue/content/read-fields.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { findContentType } from '#store/content-type.ts'
import { listContentLocales } from '#store/content-locale.ts'
import { listEnvironments } from '#store/environment.ts'
import { transact } from '../context.ts'
import { createContentType } from '../content/create-content-type.ts'
import { createLocaleIn } from '../content/create-locale.ts'
import { updateContentType } from '../content/update-content-type.ts'
import { updateLocale } from '../content/update-locale.ts'
import { createEnvironmentIn } from '../environments/create-environment.ts'
import { assignExternal } from '../external-ids/resolve-external.ts'
import type { ForeignEnvironment, ForeignLocale, ForeignType, Note, Read } from './content-format.ts'
import { count, newTally, skip, type Counted, type Tally } from './tally.ts'
import type { Work } from './work.ts'

/** What everything else refers to, as the files say it. */
export interface Base {
  locales: Read<ForeignLocale>
  environments: Read<ForeignEnvironment>
  types: Read<ForeignType>
}

/**
 * Locales, environments and content types: each by its own use-case, so that its own rules and rights hold, and each
 * only where it differs from what is there. Environments come first: who may not make one that is missing has then
 * brought in nothing. Throws `forbidden`, `invalid` (`master_locale`).
 */
export async function importBase(work: Work, base: Base): Promise<Tally> {
  const tally = newTally()
  tally.notes = [...base.locales.notes, ...base.environments.notes, ...base.types.notes]
  await refuseOtherMaster(work, base)
  const known = new Set((await listEnvironments(work.ctx.db, work.project_id)).map(({ name }) => name))
  for (const one of base.environments.items) await bringEnvironment(work, tally, one, known)
  await bringLocales(work, tally, base.locales.items)
  for (const one of base.types.items) await bringType(work, tally, one)
  return tally
}

async function refuseOtherMaster({ ctx, project_id }: Work, { locales }: Base): Promise<void> {
  const master = locales.items.find(({ fallback }) => fallback === null)?.code
  const own = masterOf(await listContentLocales(ctx.db, project_id))
  if (master === undefined || master === own) return
  throw invalidField(
    'master_locale',
    'immutable',
    `The export's master locale is ${master} and the project's is ${own}: bring it into a project whose master is ${master}.`,
  )
}

async function bringEnvironment(
  work: Work,
  tally: Tally,
  one: ForeignEnvironment,
  known: Set<string>,
): Promise<void> {
  const { ctx, project_id, row } = work
  const { name, annotations, ref } = one
  const there = known.has(name)
  count(tally, 'environment', there ? 'unchanged' : 'created')
  known.add(name)
  if (there || row.dry_run) return
  await transact(ctx, async (unit) => {
    const made = await createEnvironmentIn(ctx, unit, { project_id, name, annotations })
    await assignExternal(unit.tx, row.format, 'environment', made.id, ref)
  })
}

/** Each after what it falls back to. */
async function bringLocales(work: Work, tally: Tally, all: readonly ForeignLocale[]): Promise<void> {
  const { ctx, project_id, row } = work
  const file = work.outline.locales[0] ?? ''
  const known = new Map<string, { name: string; fallback_code: string | null }>(
    (await listContentLocales(ctx.db, project_id)).map((one) => [one.code, one]),
  )
  let open = [...all]
  while (open.length > 0) {
    const ready = open.filter(({ fallback }) => fallback === null || known.has(fallback))
    if (ready.length === 0) break
    open = open.filter((one) => !ready.includes(one))
    for (const { code, name, fallback, ref } of ready) {
      const before = known.get(code)
      const said = { project_id, code, ...(name === undefined ? {} : { name }) }
      const falls = fallback === null ? {} : { fallback }
      const renamed = name !== undefined && before?.name !== name
      const moved = before !== undefined && fallback !== null && before.fallback_code !== fallback
      await bring(tally, { what: 'locale', file, item: code }, async () => {
        if (before && !renamed && !moved) return 'unchanged'
        if (before && !row.dry_run) await updateLocale(ctx, { ...said, ...falls })
        if (!before && !row.dry_run)
          await transact(ctx, async (unit) => {
            const made = await createLocaleIn(ctx, unit, { ...said, ...falls })
            await assignExternal(unit.tx, row.format, 'locale', made.id, ref)
          })
        known.set(code, { name: name ?? before?.name ?? code, fallback_code: fallback })
        return before ? 'updated' : 'created'
      })
    }
  }
  for (const { code, fallback } of open)
    skip(tally, 'locale', {
      file,
      item: code,
      detail: `There is no locale ${fallback} that it could fall back to.`,
    })
}

async function bringType(work: Work, tally: Tally, type: ForeignType): Promise<void> {
  const { ctx, project_id, branch, row } = work
  const { uid, title, description, fields, options, file } = type
  const before = await findContentType(ctx.db, { project_id, branch, uid })
  await bring(tally, { what: 'content_type', file, item: uid }, async () => {
    const read = readFields(fields)
    if (read.faults.length > 0) throw new DomainError('invalid', { faults: read.faults })
    const said = { title, description, options }
    const was = before && { title: before.title, description: before.description, options: before.options }
    if (before && isDeepStrictEqual(was, said) && isDeepStrictEqual(before.fields, plain(read.fields)))
      return 'unchanged'
    const input = { project_id, branch, uid, ...said, fields }
    if (!row.dry_run) await (before ? updateContentType(ctx, input) : createContentType(ctx, input))
    return before ? 'updated' : 'created'
  })
}

/** What the store gives back of it: nothing that is left out. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

/** One thing, which is left out with the reason where it does not keep the rules. */
async function bring(
  tally: Tally,
  { what, file, item }: { what: Counted } & Pick<Note, 'file'> & { item: string },
  doIt: () => Promise<'created' | 'updated' | 'unchanged'>,
): Promise<void> {
  try {
    count(tally, what, await doIt())
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'invalid') throw error
    const { faults } = (error as DomainError<'invalid'>).details
    const told = faults.slice(0, 5).map(({ field, detail }) => `${field}: ${detail}`)
    skip(tally, what, { file, item, detail: told.join(' ') })
  }
}
