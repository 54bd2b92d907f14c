import { changeGroups, readHeader, type ChangeGroup } from './conventional.ts'
import type { Change } from './read-changes.ts'

/** What a changelog says of itself before its changes. */
export interface Heading {
  title: string
  /** Paragraphs. */
  notes: readonly string[]
}

const titles: Readonly<Record<ChangeGroup, string>> = {
  breaking: 'Breaking changes',
  features: 'Features',
  fixes: 'Fixes',
  performance: 'Performance',
  reverts: 'Reverts',
  refactoring: 'Refactoring',
  documentation: 'Documentation',
  tests: 'Tests',
  build: 'Build',
  chores: 'Chores',
  other: 'Other',
}

/**
 * A changelog as Markdown (CommonMark): by what the changes are, breaking ones first, and then what goes. Lines wait
 * until their section has begun, so at most `most` of them are held; of more it says that there are more.
 */
export async function* writeMarkdown(
  { title, notes }: Heading,
  changes: AsyncIterable<Change>,
  most: number,
): AsyncGenerator<string, void, undefined> {
  yield `# ${escape(title)}\n`
  for (const note of notes) yield `\n${escape(note)}\n`
  const sections = new Map<string, string[]>()
  let count = 0
  let more = false
  for await (const change of changes) {
    if ((more = count === most)) break
    count += 1
    const name = change.change === 'removed' ? 'removed' : change.group
    const lines = sections.get(name) ?? []
    sections.set(name, lines)
    lines.push(lineOf(change))
  }
  for (const group of changeGroups) yield* section(titles[group], sections.get(group))
  yield* section('Goes', sections.get('removed'))
  if (count === 0) yield '\nNo changes.\n'
  if (more) yield `\nAnd more: these are the ${most} that come first.\n`
}

/** How much is put together before it is given away. */
const pieceLength = 32 * 1024

function* section(title: string, lines: readonly string[] | undefined): Generator<string> {
  if (!lines) return
  let piece = `\n## ${title}\n\n`
  for (const line of lines) {
    piece += line
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  yield piece
}

function lineOf(change: Change): string {
  const {
    scope,
    description,
    pull_request,
    merge_sha,
    short_sha,
    author,
    breaking_note,
    cherry_picked_from,
  } = change
  const number = pull_request?.number
  // A squashed merge says it once more itself.
  const said =
    number === undefined ? description : description.replace(new RegExp(`\\s*\\(#${number}\\)$`), '')
  const source = cherry_picked_from.at(-1)
  const title = merge_sha === null || !pull_request ? '' : titleOf(pull_request.title)
  const remark = [
    number === undefined ? '' : `#${number}${title && title !== said ? ` ${escape(title)}` : ''}`,
    source === undefined ? '' : `picked from ${source.slice(0, 8)}`,
  ]
    .filter(Boolean)
    .join(', ')
  const parts = [
    scope ? `**${escape(scope)}:**` : '',
    escape(said || '(no subject)'),
    remark ? `(${remark})` : '',
    `\`${short_sha}\``,
    author.name ? `— ${escape(author.name)}` : '',
  ]
  const note = breaking_note ? `  ${escape(breaking_note)}\n` : ''
  return `- ${parts.filter(Boolean).join(' ')}\n${note && `\n${note}\n`}`
}

/** What a merge says that those it brought are for; nothing where it says only that it is one. */
function titleOf(title: string): string {
  return /^Merged? (?:pull request|in|branch) /.test(title) ? '' : readHeader(title).description
}

/** What would be markup, HTML, an entity, or the beginning of a link or a block, shows as it is. */
function escape(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>#|~&!$^]/g, '\\$&')
    .replace(/(?<=[a-z]):(?=\/\/)/gi, '\\:')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, 3)}\\.`)
    .replace(/^(\s*)([-+=])/, '$1\\$2')
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
}
