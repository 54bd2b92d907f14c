import { knownTypes } from '#app/content/content-model.ts'
import { createEntry } from '#app/content/create-entry.ts'
import { getEntry } from '#app/content/get-entry.ts'
import { listEntries } from '#app/content/list-entries.ts'
import { listEntryLocales } from '#app/content/list-entry-locales.ts'
import { listEntryVersions } from '#app/content/list-entry-versions.ts'
import { listReferences } from '#app/content/list-references.ts'
import { nameEntryVersion } from '#app/content/name-entry-version.ts'
import { removeEntry } from '#app/content/remove-entry.ts'
import { unlocaliseEntry } from '#app/content/unlocalise-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { invalidField } from '#domain/errors.ts'
import { answerEntries, answerEntry, beside } from '../answer-entries.ts'
import type { entries } from '../endpoints/entries.ts'
import { bltOf } from '../ids.ts'
import { uidsOf } from '../names.ts'
import { flag, page, text, whole } from '../query.ts'
import { renamingFaults } from '../rename-faults.ts'
import { readList } from '../read-list.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { fieldsOfType } from '../translate/condition.ts'
import { readEntryData } from '../translate/entry.ts'
import { writeTime } from '../translate/time.ts'
import { EntryBody, VersionName } from '../wire.ts'
import { VersionUnname } from '../wire/version-name.ts'
import { NoticeAnswer } from '../wire-answers.ts'
import { files } from './entry-files.ts'
import { publishing } from './entry-publishing.ts'

const typeOf = ({ project_id, branch, params }: StackCall) => ({
  ...{ project_id, branch },
  content_type_uid: params.content_type ?? '',
})
const entryOf = (call: StackCall) => ({ ...typeOf(call), uid: call.params.entry ?? '' })
const localeIn = ({ query }: StackCall) => ({ locale: text(query, 'locale') })

/** The version of the address, in the language of the body or of the query. */
const versionIn = (call: StackCall, locale: string | undefined) => ({
  ...{ ...entryOf(call), locale: locale ?? text(call.query, 'locale') },
  version: whole({ version: call.params.version }, 'version', 1) ?? 0,
})

export const entryRoutes: Routes<typeof entries> = {
  create: makes(EntryBody, async (call: StackCall, { entry: data }) => {
    const uid = bltOf(call.ctx.newId())
    const entry = await createEntry(call.ctx, {
      ...typeOf(call),
      ...localeIn(call),
      ...{ uid, ...readEntryData(data) },
    })
    return { notice: 'Entry created successfully.', entry: await answerEntry(call, entry) }
  }),

  list: reads(async (call: StackCall) => {
    const types = await knownTypes(call.ctx, typeOf(call))
    const { counts, input } = await readList(call, fieldsOfType(types, typeOf(call).content_type_uid))
    const { entries, total } = await listEntries(call.ctx, {
      ...{ ...typeOf(call), ...localeIn(call), ...input },
      with_publish_details: flag(call.query, 'include_publish_details'),
    })
    if (counts) return { entries: total }
    const answers = await answerEntries(call, entries)
    return { entries: answers, ...(await beside(call)), ...(total === undefined ? {} : { count: total }) }
  }),

  get: reads(async (call: StackCall) => {
    const entry = await getEntry(call.ctx, {
      ...{ ...entryOf(call), ...localeIn(call), version: whole(call.query, 'version', 1) },
      with_publish_details: flag(call.query, 'include_publish_details'),
    })
    return { entry: await answerEntry(call, entry), ...(await beside(call)) }
  }),

  update: takes(EntryBody, async (call: StackCall, { entry: data }) => {
    const entry = await updateEntry(call.ctx, {
      ...entryOf(call),
      ...localeIn(call),
      ...readEntryData(data),
    })
    return { notice: 'Entry updated successfully.', entry: await answerEntry(call, entry) }
  }),

  /** With a locale only what is written there goes; without one all of it does (section 3.4). */
  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      const { locale } = localeIn(call)
      const all = locale === undefined || flag(call.query, 'delete_all_localized')
      await removeEntry(call.ctx, { ...entryOf(call), locales: all ? 'all' : [locale] })
      return { notice: 'Entry deleted successfully.' }
    }),
  ),

  unlocalize: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      const { locale } = localeIn(call)
      if (locale === undefined) throw invalidField('locale', 'required', '')
      await unlocaliseEntry(call.ctx, { ...entryOf(call), locale })
      return { notice: 'Entry unlocalized successfully.' }
    }),
  ),

  versions: reads(async (call: StackCall) => {
    const { versions, total } = await listEntryVersions(call.ctx, {
      ...{ ...entryOf(call), ...localeIn(call), ...page(call.query) },
      ...{ named: flag(call.query, 'named'), with_total: flag(call.query, 'include_count') },
    })
    const users = await uidsOf(
      call.ctx,
      'user',
      versions.map(({ created_by }) => created_by),
    )
    const told = versions.map(({ version, name, locale, title, created_at, created_by }) => ({
      ...{
        _version: version,
        locale,
        title,
        updated_at: writeTime(created_at),
        updated_by: users(created_by),
      },
      ...(name === null ? {} : { _version_name: name }),
    }))
    return { versions: told, ...(total === undefined ? {} : { count: total }) }
  }),

  nameVersion: answering(
    NoticeAnswer,
    takes(VersionName, async (call: StackCall, { entry: { _version_name: name, locale, force } }) => {
      await renamingFaults(
        (field) => (field === 'name' ? '_version_name' : field),
        () => nameEntryVersion(call.ctx, { ...versionIn(call, locale), name, force }),
      )
      return { notice: 'Version name assigned successfully' }
    }),
  ),

  unnameVersion: answering(
    NoticeAnswer,
    takes(VersionUnname, async (call: StackCall, { entry }) => {
      await nameEntryVersion(call.ctx, { ...versionIn(call, entry?.locale), name: null })
      return { notice: 'Version name deleted successfully' }
    }),
  ),

  locales: reads(async (call: StackCall) => {
    const locales = await listEntryLocales(call.ctx, entryOf(call))
    return { locales: locales.map(({ code, localized }) => (localized ? { code, localized } : { code })) }
  }),

  references: reads(async (call: StackCall) => {
    await getEntry(call.ctx, entryOf(call))
    return { references: await listReferences(call.ctx, { ...entryOf(call), ...page(call.query) }) }
  }),

  ...files,
  ...publishing,
}
