import type { UserView } from '#app/identity/user-view.ts'
import { organization, type UidOf } from '../ids.ts'
import type { UserAnswer } from '../wire-answers.ts'
import { writeTime } from './time.ts'

type Annotations = UserView['annotations']

/** What is kept of a person for this vendor's clients: our people have one name. */
const words = {
  first_name: 'contentstack/first_name',
  last_name: 'contentstack/last_name',
  company: 'contentstack/company',
} as const

export type PersonWords = { [W in keyof typeof words]?: string | undefined }

/** A user as the vendor describes one. A Headgate is one organisation. */
export function writeUser(user: UserView, users: UidOf): UserAnswer {
  return {
    uid: users(user.id) ?? '',
    email: user.email,
    username: user.email,
    ...splitName(user.name, user.annotations),
    company: said(user.annotations, 'company'),
    org_uid: [organization],
    shared_org_uid: [],
    active: !user.disabled,
    failed_attempts: 0,
    created_at: writeTime(user.created_at),
    updated_at: writeTime(user.updated_at),
    roles: [],
    organizations: [],
  }
}

/** Who made an entry, where `include_owner` asks for it. */
export function writeOwner({ id, email, name }: Pick<UserView, 'id' | 'email' | 'name'>, users: UidOf) {
  return { uid: users(id) ?? '', email, username: email, ...splitName(name) }
}

/** The two names as they were given, as long as they make up the one that we know; else split where they may be. */
export function splitName(
  name: string,
  annotations: Annotations = {},
): { first_name: string; last_name: string } {
  const kept = { first_name: said(annotations, 'first_name'), last_name: said(annotations, 'last_name') }
  if (joined(kept) === name) return kept
  const [first_name = '', ...rest] = name.split(' ')
  return { first_name, last_name: rest.join(' ') }
}

/** A change of a person in our words: what was not sent stays as `before` has it. */
export function readPerson(
  sent: PersonWords,
  before: Pick<UserView, 'name' | 'annotations'>,
): { name?: string; annotations: Annotations } {
  const { first_name, last_name, company } = sent
  const annotations: Annotations = company === undefined ? {} : { [words.company]: company }
  if (first_name === undefined && last_name === undefined) return { annotations }
  const was = splitName(before.name, before.annotations)
  const names = { first_name: first_name ?? was.first_name, last_name: last_name ?? was.last_name }
  return {
    name: joined(names) || before.name,
    annotations: {
      ...annotations,
      [words.first_name]: names.first_name,
      [words.last_name]: names.last_name,
    },
  }
}

function joined({ first_name, last_name }: { first_name: string; last_name: string }): string {
  return `${first_name} ${last_name}`.trim()
}

function said(annotations: Annotations, word: keyof typeof words): string {
  const value = annotations[words[word]]
  return typeof value === 'string' ? value : ''
}
