import type { CommitParser } from 'conventional-commits-parser'
import { unpicked } from '../pull-request-of.ts'
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

/** What a pull request says of all that it brought, by its title; `other` where that does not follow the convention. */
export function groupOfTitle(title: string): ChangeGroup {
  return groupOf(readHeader(title), false)
}

const header = /^(\w{1,40})(?:\(([^()\r\n]{0,200})\))?(!)?: +(\S.*)$/
/** What a body is read of for its footers. */
const most = 20_000
const footer = /^BREAKING[ -]CHANGE: /m

/** A commit's subject and what comes after it. */
type Message = Pick<Commit, 'subject' | 'body'>

/** Waits only where the message has a footer that says what breaks: its parser is loaded then. */
export function readConvention(message: Message): Convention | Promise<Convention> {
  const said = readHeader(message.subject)
  return message.body.includes('BREAKING') && footer.test(message.body) ? readFooter(said, message) : said
}

/** The first line alone. */
export function readHeader(line: string): Convention {
  const subject = unpicked(line.slice(0, 2000).trim())
  const [, type, scope, bang, description] = header.exec(subject) ?? []
  return {
    type: type?.toLowerCase() ?? null,
    scope: scope?.trim() || null,
    description: description?.trim() ?? subject,
    breaking: bang === '!',
    breaking_note: null,
  }
}

async function readFooter(said: Convention, { body }: Message): Promise<Convention> {
  parser ??= makeParser()
  const { notes } = (await parser).parse(`${said.description || 'breaks'}\n\n${body.slice(0, most)}`)
  const note = notes.find(({ text }) => text.trim() !== '')?.text.trim()
  return { ...said, breaking: true, breaking_note: note ?? null }
}

let parser: Promise<CommitParser> | undefined

async function makeParser(): Promise<CommitParser> {
  const { CommitParser } = await import('conventional-commits-parser')
  return new CommitParser({
    noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE'],
    // Other footers and references are nobody's matter here.
    issuePrefixes: [],
    referenceActions: [],
  })
}
