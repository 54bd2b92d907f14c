import { DomainError, type FieldFault } from '#domain/errors.ts'
import { roles } from '#domain/roles.ts'
import type { Db } from '#store/database.ts'
import { findProject } from '#store/project.ts'
import type { Grant } from './user-view.ts'

export const longestEmail = 254
export const longestPassword = 1000
const shortestPassword = 8
const longestName = 200
const mostGrants = 200

export interface UserFields {
  email?: string
  name?: string
  password?: string
  grants?: readonly Grant[]
}

/** Throws `invalid` with every field that no user can have. */
export function checkUserFields({ email, name, password, grants }: UserFields): void {
  const faults: FieldFault[] = []
  const fault = (field: string, detail: string, kind: FieldFault['fault'] = 'invalid') =>
    faults.push({ field, fault: kind, detail })
  if (email !== undefined) {
    if (email.length > longestEmail) fault('email', `has more than ${longestEmail} characters`, 'too_long')
    else if (!/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email)) fault('email', 'is not an e-mail address')
  }
  if (name !== undefined && name.length > longestName)
    fault('name', `has more than ${longestName} characters`, 'too_long')
  if (password !== undefined) {
    if (password.length < shortestPassword) fault('password', `has fewer than ${shortestPassword} characters`)
    if (password.length > longestPassword)
      fault('password', `has more than ${longestPassword} characters`, 'too_long')
  }
  if (grants && grants.length > mostGrants) fault('grants', `are more than ${mostGrants}`, 'too_many')
  grants?.forEach(({ role }, index) => {
    if (!roles.includes(role)) fault(`grants.${index}.role`, `is none of ${roles.join(', ')}`)
  })
  if (faults.length > 0) throw new DomainError('invalid', { faults })
}

/** Throws `not_found` for the first project that is none. */
export async function checkGrantedProjects(db: Db, grants: readonly Grant[]): Promise<void> {
  for (const id of new Set(grants.map((grant) => grant.project_id)))
    if (id !== null && !(await findProject(db, id)))
      throw new DomainError('not_found', { what: 'project', id })
}
