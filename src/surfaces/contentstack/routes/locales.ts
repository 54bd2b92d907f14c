import { createLocale } from '#app/content/create-locale.ts'
import { getLocale, listLocales, type LocaleView } from '#app/content/get-locale.ts'
import { removeLocale } from '#app/content/remove-locale.ts'
import { updateLocale } from '#app/content/update-locale.ts'
import type { locales } from '../endpoints/locales.ts'
import { listNamed } from '../list-named.ts'
import { authorsOf, uidsOfEach } from '../names.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { writeTime } from '../translate/time.ts'
import { LocaleChange, NewLocale } from '../wire.ts'
import { NoticeAnswer, OneLocale, type LocaleAnswer } from '../wire-answers.ts'

const coded = ({ params }: StackCall) => params.locale ?? ''

export const localeRoutes: Routes<typeof locales> = {
  create: answering(
    OneLocale,
    makes(NewLocale, async (call: StackCall, { locale: { code, name, fallback_locale } }) => {
      const { ctx, project_id } = call
      const made = await createLocale(ctx, { project_id, code, name, fallback: fallback_locale ?? undefined })
      return { notice: 'Language added successfully.', locale: await answerOne(call, made) }
    }),
  ),

  list: reads(async (call: StackCall) => {
    const all = await listLocales(call.ctx, { project_id: call.project_id })
    return listNamed(call, 'locales', await answerAll(call, all), ['code', 'name', 'uid', 'fallback_locale'])
  }),

  get: answering(
    OneLocale,
    reads(async (call: StackCall) => ({
      locale: await answerOne(
        call,
        await getLocale(call.ctx, { project_id: call.project_id, code: coded(call) }),
      ),
    })),
  ),

  update: answering(
    OneLocale,
    takes(LocaleChange, async (call: StackCall, { locale: { name, fallback_locale } }) => {
      const { ctx, project_id } = call
      const changed = await updateLocale(ctx, {
        ...{ project_id, code: coded(call), name },
        fallback: fallback_locale ?? undefined,
      })
      return { notice: 'Language updated successfully.', locale: await answerOne(call, changed) }
    }),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      await removeLocale(call.ctx, { project_id: call.project_id, code: coded(call) })
      return { notice: 'Language removed successfully.' }
    }),
  ),
}

async function answerAll({ ctx }: StackCall, all: readonly LocaleView[]): Promise<LocaleAnswer[]> {
  const [uids, users] = await Promise.all([uidsOfEach(ctx, 'locale', all), authorsOf(ctx, all)])
  return all.map((locale) => ({
    uid: uids(locale.id) ?? '',
    code: locale.code,
    name: locale.name,
    fallback_locale: locale.fallback,
    ACL: [],
    _version: 1,
    created_by: users(locale.created_by),
    updated_by: users(locale.updated_by),
    created_at: writeTime(locale.created_at),
    updated_at: writeTime(locale.updated_at),
  }))
}

async function answerOne(call: StackCall, locale: LocaleView): Promise<LocaleAnswer> {
  const [answer] = (await answerAll(call, [locale])) as [LocaleAnswer]
  return answer
}
