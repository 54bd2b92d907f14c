import { getContentType } from '#app/content/get-content-type.ts'
import type { EntryView } from '#app/content/get-entry.ts'
import { listAuthors } from '#app/content/list-authors.ts'
import type { JsonObject } from '#catalogue/content/field.ts'
import { expandDrafts } from './expand-drafts.ts'
import { authorsOf, uidsOfEach } from './names.ts'
import { flag, texts } from './query.ts'
import type { StackCall } from './route.ts'
import { writeContentType } from './translate/content-type.ts'
import { narrow } from './translate/narrow.ts'
import { writeOwner } from './translate/user.ts'

/** Entries of one type as the management API answers them, with what the query asks for beside their fields. */
export async function answerEntries(call: StackCall, entries: readonly EntryView[]): Promise<JsonObject[]> {
  const { branch, query } = call
  const told = await expandDrafts(call, entries, texts(query, 'include'))
  const owners = flag(query, 'include_owner') ? await ownersOf(call, entries) : undefined
  return told.map((answer, index) => {
    const more: JsonObject = {}
    if (owners) more._owner = owners(entries[index]?.created_by ?? null)
    // There are no workflows here, so that no entry is in a stage of one.
    if (flag(query, 'include_workflow')) more._workflow = {}
    if (flag(query, 'include_branch')) more._branch = branch
    return { ...narrow(answer, query), ...more }
  })
}

export async function answerEntry(call: StackCall, entry: EntryView): Promise<JsonObject> {
  const [answer] = (await answerEntries(call, [entry])) as [JsonObject]
  return answer
}

/** What stands beside the entries when it is asked for: their content type, its fields. */
export async function beside(call: StackCall): Promise<{ content_type?: object; schema?: unknown }> {
  const { ctx, project_id, branch, params, query } = call
  const [whole, fields] = [flag(query, 'include_content_type'), flag(query, 'include_schema')]
  if (!whole && !fields) return {}
  const type = await getContentType(ctx, { project_id, branch, uid: params.content_type ?? '' })
  const content_type = writeContentType(type, await authorsOf(ctx, [type]))
  return { ...(whole ? { content_type } : {}), ...(fields ? { schema: content_type.schema } : {}) }
}

async function ownersOf({ ctx, project_id, branch }: StackCall, entries: readonly EntryView[]) {
  const ids = entries.map(({ created_by }) => created_by)
  const authors = await listAuthors(ctx, { project_id, branch, ids })
  const users = await uidsOfEach(ctx, 'user', authors)
  const told = new Map(authors.map((author) => [author.id, writeOwner(author, users)]))
  return (id: string | null) => (id === null ? null : (told.get(id) ?? null))
}
