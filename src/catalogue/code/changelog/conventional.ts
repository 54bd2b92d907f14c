import type { CommitParser } from 'conventional-commits-parser'
import type { Commit } from '../read-commits.ts'

/** What a message says of its change, by Conventional Commits 1.0. */
export interface Convention {
  /** In lower case. Null: it does not follow the convention. */
  type: string | null
  scope: string | null
  /** The subject without type and scope. */
  description: string
  breaking: boolean
  /** What breaks, where it says so. */
  breaking_note: string | null
}

/** The sections of a changelog, in their order. */
export const changeGroups = [
  'breaking',
  'features',
  'fixes',
  'performance',
  'reverts',
  'refactoring',
  'documentation',
  'tests',
  'build',
  'chores',
  'other',
] as const
export type ChangeGroup = (typeof changeGroups)[number]

const groups: Readonly<Record<string, ChangeGroup>> = {
  ...{ feat: 'features', feature: 'features', fix: 'fixes', bugfix: 'fixes', hotfix: 'fixes' },
  ...{ perf: 'performance', revert: 'reverts', refactor: 'refactoring', docs: 'documentation' },
  ...{ doc: 'documentation', test: 'tests', tests: 'tests', build: 'build', ci: 'build', deps: 'build' },
  ...{ chore: 'chores', style: 'chores' },
}

export function groupOf({ type, breaking }: Convention, reverts: boolean): ChangeGroup {
  if (breaking) return 'breaking'
  if (reverts) return 'reverts'
  return (type !== null && Object.hasOwn(groups, type) && groups[type]) || 'other'
}

const header = /^(\w{1,40})(?:\(([^()\r\n]{0,200})\))?(!)?: +(\S.*)$/
const footer = /^BREAKING[ -]CHANGE: /m

/** A commit's subject and what comes after it. */
type Message = Pick<Commit, 'subject' | 'body'>
export type ReadConvention = (message: Message) => Convention

let parser: Promise<CommitParser> | undefined

/** Its parser is loaded at first use: nothing else needs it. */
export async function openConventions(): Promise<ReadConvention> {
  parser ??= makeParser()
  const loaded = await parser
  return (message) => read(loaded, message)
}

async function makeParser(): Promise<CommitParser> {
  const { CommitParser } = await import('conventional-commits-parser')
  return new CommitParser({
    headerPattern: header,
    headerCorrespondence: ['type', 'scope', 'bang', 'description'],
    noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE'],
    // Other footers and references are nobody's matter here.
    issuePrefixes: [],
    referenceActions: [],
  })
}

/** What a body is read of for its footers. */
const most = 20_000

function read(loaded: CommitParser, { subject: whole, body }: Message): Convention {
  const subject = whole.slice(0, 2000).trim()
  const breaks = footer.test(body)
  const plain = { type: null, scope: null, description: subject, breaking: false, breaking_note: null }
  if (subject === '' || (!header.test(subject) && !breaks)) return plain
  // Without such a footer the header says it all.
  const said = loaded.parse(breaks ? `${subject}\n\n${body.slice(0, most)}` : subject)
  // In capitals it is a footer; else it is a sentence.
  const note = breaks ? said.notes.find(({ text }) => text.trim() !== '')?.text.trim() : undefined
  return {
    type: said.type?.toLowerCase() ?? null,
    scope: said.scope?.trim() || null,
    description: said.description?.trim() ?? subject,
    breaking: said.bang === '!' || breaks,
    breaking_note: note ?? null,
  }
}
