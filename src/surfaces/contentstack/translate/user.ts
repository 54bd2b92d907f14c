import type { UserView } from '#app/identity/user-view.ts'
import { organization, type UidOf } from '../ids.ts'
import type { UserAnswer } from '../wire-answers.ts'
import { writeTime } from './time.ts'

/** A user as the vendor describes one. A Headgate is one organisation; its roles are not the vendor's. */
export function writeUser(user: UserView, users: UidOf): UserAnswer {
  const [first_name = '', ...rest] = user.name.split(' ')
  return {
    uid: users(user.id) ?? '',
    email: user.email,
    username: user.email,
    first_name,
    last_name: rest.join(' '),
    company: '',
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
  const [first_name = '', ...rest] = name.split(' ')
  return { uid: users(id) ?? '', email, username: email, first_name, last_name: rest.join(' ') }
}
