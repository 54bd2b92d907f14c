import { createEnvironment } from '#app/environments/create-environment.ts'
import { listEnvironments } from '#app/environments/get-environment.ts'
import { removeEnvironment } from '#app/environments/remove-environment.ts'
import { updateEnvironment } from '#app/environments/update-environment.ts'
import { listLocales } from '#app/content/get-locale.ts'
import { invalidField } from '#domain/errors.ts'
import type { environments } from '../endpoints/environments.ts'
import { findEnvironment, type Environment } from '../find-environments.ts'
import { listNamed } from '../list-named.ts'
import { authorsOf, uidsOfEach } from '../names.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { readEnvironmentWords, urlsOf, writeEnvironment } from '../translate/environment.ts'
import { EnvironmentChange, NewEnvironment } from '../wire/environment.ts'
import { NoticeAnswer, OneEnvironment, type EnvironmentAnswer } from '../wire-answers.ts'

const named = ({ params }: StackCall) => params.environment ?? ''

export const environmentRoutes: Routes<typeof environments> = {
  create: answering(
    OneEnvironment,
    makes(NewEnvironment, async (call: StackCall, { environment: { name, ...words } }) => {
      const { ctx, project_id } = call
      await refuseUnknownLocales(call, words.urls)
      const annotations = readEnvironmentWords(words)
      const made = await createEnvironment(ctx, { project_id, name, annotations })
      return { notice: 'Environment created successfully.', environment: await answerOne(call, made) }
    }),
  ),

  list: reads(async (call: StackCall) => {
    const all = await listEnvironments(call.ctx, { project_id: call.project_id })
    return listNamed(call, 'environments', await answerAll(call, all), ['name', 'uid'])
  }),

  get: answering(
    OneEnvironment,
    reads(async (call: StackCall) => ({
      environment: await answerOne(call, await findEnvironment(call, named(call))),
    })),
  ),

  update: answering(
    OneEnvironment,
    takes(EnvironmentChange, async (call: StackCall, { environment: { name, ...words } }) => {
      const { ctx, project_id } = call
      const before = await findEnvironment(call, named(call))
      await refuseUnknownLocales(call, words.urls, urlsOf(before))
      const annotations = readEnvironmentWords(words, before.annotations)
      const changed = await updateEnvironment(ctx, {
        ...{ project_id, environment_id: before.id, annotations },
        ...(name === undefined ? {} : { name }),
      })
      return { notice: 'Environment updated successfully.', environment: await answerOne(call, changed) }
    }),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      const { id: environment_id } = await findEnvironment(call, named(call))
      await removeEnvironment(call.ctx, { project_id: call.project_id, environment_id })
      return { notice: 'Environment deleted successfully.' }
    }),
  ),
}

type Url = { locale?: string | null }

/** Clients put back what they were given: a language that has gone since may stay where it stood. */
async function refuseUnknownLocales(
  { ctx, project_id }: StackCall,
  urls: readonly Url[] = [],
  before: readonly Url[] = [],
): Promise<void> {
  const kept = new Set(before.map(({ locale }) => locale))
  const named = urls.flatMap(({ locale }, index) => (locale && !kept.has(locale) ? [{ locale, index }] : []))
  if (named.length === 0) return
  const codes = (await listLocales(ctx, { project_id })).map(({ code }) => code)
  const unknown = named.find(({ locale }) => !codes.includes(locale))
  if (unknown)
    throw invalidField(`urls.${unknown.index}.locale`, 'invalid', `There is no language ${unknown.locale}.`)
}

async function answerAll({ ctx }: StackCall, all: readonly Environment[]): Promise<EnvironmentAnswer[]> {
  const [environments, users] = await Promise.all([uidsOfEach(ctx, 'environment', all), authorsOf(ctx, all)])
  return all.map((one) => writeEnvironment(one, { environments, users }))
}

async function answerOne(call: StackCall, environment: Environment): Promise<EnvironmentAnswer> {
  const [answer] = (await answerAll(call, [environment])) as [EnvironmentAnswer]
  return answer
}
