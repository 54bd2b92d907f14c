import { DomainError, type FieldFault } from '#domain/errors.ts'
import { isScope } from '#domain/roles.ts'
import { listEnvironmentsById } from '#store/environment.ts'
import type { Db } from '#store/database.ts'

const most = { name: 200, description: 2000, scopes: 100, environments: 200, branches: 200, branch: 64 }

export interface TokenFields {
  name?: string
  description?: string
  scopes?: readonly string[]
  branches?: readonly string[] | null
  environment_ids?: readonly string[] | null
  secret?: string
}

/** Throws `invalid` with every field that no token can have. */
export function checkTokenFields(fields: TokenFields): void {
  const { name, description = '', scopes, branches, environment_ids, secret } = fields
  const faults: FieldFault[] = []
  const fault = (field: string, kind: FieldFault['fault'], detail: string) =>
    faults.push({ field, fault: kind, detail })
  if (name !== undefined && name.trim() === '') fault('name', 'required', 'is required')
  if (name !== undefined && name.length > most.name)
    fault('name', 'too_long', `has more than ${most.name} characters`)
  if (description.length > most.description)
    fault('description', 'too_long', `has more than ${most.description} characters`)
  if (scopes && scopes.length > most.scopes) fault('scopes', 'too_many', `are more than ${most.scopes}`)
  scopes?.slice(0, most.scopes).forEach((scope, index) => {
    if (!isScope(scope)) fault(`scopes.${index}`, 'invalid', 'is no scope: an action, `noun.*` or `*`')
  })
  if (branches && branches.length > most.branches)
    fault('branches', 'too_many', `are more than ${most.branches}`)
  if (branches?.some((branch) => branch === '' || branch.length > most.branch))
    fault('branches', 'invalid', 'hold a name that no branch can have')
  if (environment_ids && environment_ids.length > most.environments)
    fault('environment_ids', 'too_many', `are more than ${most.environments}`)
  if (secret !== undefined && !isSecret(secret))
    fault('secret', 'invalid', 'must be 8 to 128 visible characters')
  if (faults.length > 0) throw new DomainError('invalid', { faults })
}

/** What model.md says of secrets that are fixed by hand. */
function isSecret(text: string): boolean {
  return /^[\x21-\x7e]{8,128}$/.test(text)
}

/** Throws `not_found` for the first environment that the project does not have. */
export async function checkTokenEnvironments(
  db: Db,
  projectId: string | null,
  ids: readonly string[] | null,
): Promise<void> {
  if (ids === null) return
  const known = projectId ? await listEnvironmentsById(db, projectId, ids) : []
  const missing = ids.find((id) => !known.some((environment) => environment.id === id))
  if (missing) throw new DomainError('not_found', { what: 'environment', id: missing })
}
