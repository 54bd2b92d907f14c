import type { Import } from '#api/import.ts'
import type { Client } from '#client/client.ts'

const kinds: [counted: string, said: string][] = [
  ['environment', 'environments'],
  ['locale', 'locales'],
  ['content_type', 'content types'],
  ['folder', 'folders'],
  ['asset', 'assets'],
  ['entry', 'entries, a locale each'],
  ['publication', 'publications'],
]

const outcomes = ['created', 'updated', 'requested', 'waiting', 'unchanged', 'skipped']

/** Notes that are shown; how many more there are is said. */
const mostShown = 200

/** What became of an import, for a person: counts, what there is to know, and what is deployed. */
export async function describeImport(client: Client, project: string, made: Import): Promise<string[]> {
  const { counts, dry_run, notes, deployments } = made
  const lines = kinds.flatMap(([counted, said]) => {
    const of = counts[counted]
    if (!of) return []
    const told = outcomes.flatMap((outcome) => (of[outcome] ? [`${of[outcome]} ${outcome}`] : []))
    return [`${said}: ${told.join(', ')}`]
  })
  if (isUnchanged(made)) lines.push('Nothing has changed.')
  const { items } =
    notes > 0 ? await client.listImportNotes(project, made.id, { limit: mostShown }) : { items: [] }
  for (const { kind, file, item, detail } of items)
    lines.push(`${kind.replaceAll('_', ' ')}: ${file}${item ? ` ${item}` : ''}: ${detail}`)
  if (notes > items.length) lines.push(`… and ${notes - items.length} more notes`)
  for (const { id, environment_name, state, items: many } of deployments)
    lines.push(`${environment_name}: deployment ${id} of ${many} items: ${state}`)
  if (dry_run) lines.push('This was a dry run: nothing was changed.')
  return lines
}

function isUnchanged({ counts }: Import): boolean {
  return !Object.values(counts).some((of) =>
    Object.entries(of).some(([outcome, times]) => times > 0 && outcome !== 'unchanged'),
  )
}
