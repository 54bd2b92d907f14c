import { createEntry } from '#app/content/create-entry.ts'
import { getEntry, type EntryView } from '#app/content/get-entry.ts'
import { updateEntry } from '#app/content/update-entry.ts'
import { isDomainError } from '#domain/errors.ts'
import { answerEntry } from '../answer-entries.ts'
import { bltOf } from '../ids.ts'
import { readJsonForm } from '../json-form.ts'
import { flag, text, whole } from '../query.ts'
import { created, reads, type StackCall } from '../route.ts'
import { readEntryData } from '../translate/entry.ts'

type Sent = Awaited<ReturnType<typeof readJsonForm>>

const notice = 'Entry imported successfully.'

export const files = {
  /** As a file: the entry itself, without a wrapper, and its references as they are. */
  export: reads(async (call: StackCall) => {
    const version = whole(call.query, 'version', 1)
    const asked = { ...placeOf(call), uid: call.params.entry ?? '', version }
    return answerEntry(call, await getEntry(call.ctx, asked))
  }),

  /** An entry out of such a file: a new one, or with `overwrite` the one of its uid. */
  import: created(
    reads(async (call: StackCall) => {
      const sent = await readJsonForm(call, 'entry')
      const known = flag(call.query, 'overwrite') ? await find(call, sent.uid) : undefined
      const entry = known ? await write(call, known.uid, sent) : await make(call, sent)
      return { notice, entry: await answerEntry(call, entry) }
    }),
  ),

  /** Its next version. */
  importOver: created(
    reads(async (call: StackCall) => {
      const sent = await readJsonForm(call, 'entry')
      return { notice, entry: await answerEntry(call, await write(call, call.params.entry ?? '', sent)) }
    }),
  ),
}

const placeOf = ({ project_id, branch, params, query }: StackCall) => ({
  ...{ project_id, branch, content_type_uid: params.content_type ?? '' },
  locale: text(query, 'locale'),
})

async function find(call: StackCall, uid: unknown): Promise<EntryView | undefined> {
  if (typeof uid !== 'string') return undefined
  try {
    return await getEntry(call.ctx, { ...placeOf(call), uid })
  } catch (error) {
    if (isDomainError(error, 'not_found') && error.details.what === 'entry') return undefined
    throw error
  }
}

function make(call: StackCall, sent: Sent): Promise<EntryView> {
  const uid = bltOf(call.ctx.newId())
  return createEntry(call.ctx, { ...placeOf(call), uid, ...readEntryData(sent) })
}

function write(call: StackCall, uid: string, sent: Sent): Promise<EntryView> {
  return updateEntry(call.ctx, { ...placeOf(call), uid, ...readEntryData(sent) })
}
