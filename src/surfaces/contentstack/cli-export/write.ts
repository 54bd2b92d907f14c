import type { Context } from '#app/context.ts'
import type { Place } from '#app/content/content-place.ts'
import { listContentTypes, type ContentTypeView } from '#app/content/get-content-type.ts'
import { listLocales } from '#app/content/get-locale.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { externalFor } from '#app/external-ids/resolve-external.ts'
import { surface } from '../ids.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { writeEnvironment } from '../translate/environment.ts'
import { writeField } from '../translate/field.ts'
import { jsonFile, type OutFile } from './out-file.ts'
import { writeAssets } from './write-assets.ts'
import { writeEntries } from './write-entries.ts'
import type { Writing } from './writing.ts'

/** A branch in the layout that is flat: the folders of its modules at the top. Made file by file, as it is read. */
export async function* write(ctx: Context, place: Place): AsyncIterable<OutFile> {
  const { project_id } = place
  const [locales, environments] = [
    await listLocales(ctx, { project_id }),
    await listEnvironments(ctx, { project_id }),
  ]
  const uids = await uidsOfEach(ctx, 'locale', locales)
  const writing: Writing = {
    ...{ ctx, place },
    api_key: (await externalFor(ctx, surface, 'stack', [project_id])).get(project_id) ?? '',
    environments: await uidsOfEach(ctx, 'environment', environments),
    locales: locales.map(({ code }) => code),
    types: await allTypes(ctx, place),
  }
  yield jsonFile('export-info.json', { contentVersion: 2 })
  const told = locales.map(({ id, code, name, fallback }) => ({
    ...{ code, name, uid: uids(id) ?? code, fallback_locale: fallback },
  }))
  yield jsonFile('locales/master-locale.json', byUid(told.filter((one) => one.fallback_locale === null)))
  yield jsonFile('locales/locales.json', byUid(told.filter((one) => one.fallback_locale !== null)))
  const users = await uidsOf(
    ctx,
    'user',
    environments.flatMap((one) => [one.created_by, one.updated_by]),
  )
  const answers = environments.map((one) =>
    writeEnvironment(one, { environments: writing.environments, users }),
  )
  yield jsonFile('environments/environments.json', byUid(answers.map(({ ACL: _, ...one }) => one)))
  yield jsonFile('global_fields/globalfields.json', [])
  const schemas = writing.types.map(writeType)
  for (const schema of schemas)
    yield jsonFile(`content_types/${schema.uid === 'schema' ? 'schema|1' : schema.uid}.json`, schema)
  yield jsonFile('content_types/schema.json', schemas)
  yield* writeAssets(writing)
  yield* writeEntries(writing)
}

async function allTypes(ctx: Context, place: Place): Promise<ContentTypeView[]> {
  const all = new Map<string, ContentTypeView>()
  for (let offset = 0; ; offset += 100) {
    const { content_types } = await listContentTypes(ctx, { ...place, limit: 100, offset })
    for (const type of content_types) all.set(type.uid, type)
    if (content_types.length < 100) return [...all.values()]
  }
}

function writeType({ uid, title, description, fields, options }: ContentTypeView) {
  return { title, uid, schema: fields.map(writeField), description, options }
}

function byUid<T extends { uid: string }>(things: readonly T[]): Record<string, T> {
  return Object.fromEntries(things.map((one) => [one.uid, one]))
}
