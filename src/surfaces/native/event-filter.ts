import { Type, type Static } from 'typebox'
import { Exactly, OneOf } from '#api/schema.ts'
import type { Context } from '#app/context.ts'
import type { EventFilter } from '#app/events/list-events.ts'
import { invalidField } from '#domain/errors.ts'
import { eventKinds } from '#domain/events.ts'
import { readId } from '#domain/ids.ts'
import { environmentAt, projectAt } from './read-path.ts'

const Word = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))

/** What narrows events, in a list and in a stream. */
export const eventFilters = {
  project: Word('Only of this project: its key'),
  environment: Word('Only of this environment of the project: its name'),
  subject: Word('Only what happened to this: an id as it is shown, or a UUID'),
  kind: Type.Optional(OneOf(eventKinds)),
}

const Filters = Exactly(eventFilters)

export async function filterIn(
  ctx: Context,
  { project, environment, subject, kind }: Static<typeof Filters>,
): Promise<EventFilter> {
  const filter: EventFilter = { kind, ...(subject === undefined ? {} : { subject_id: subjectIn(subject) }) }
  if (environment !== undefined) {
    if (project === undefined)
      throw invalidField('query.project', 'required', 'is needed to name an environment')
    const { id, project_id } = await environmentAt(ctx, { key: project, name: environment })
    return { ...filter, project_id, environment_id: id }
  }
  return project === undefined
    ? filter
    : { ...filter, project_id: (await projectAt(ctx, { key: project })).id }
}

function subjectIn(shown: string): string {
  const id = readId('event', shown.replace(/^[a-z]+_/, ''))
  if (id === undefined) throw invalidField('query.subject', 'invalid', 'is no id of ours and no UUID')
  return id
}
