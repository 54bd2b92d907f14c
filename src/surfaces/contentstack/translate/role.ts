import { createHash } from 'node:crypto'
import { roles, type Role } from '#domain/roles.ts'
import { organization } from '../ids.ts'

const content = ['content_type', 'entry', 'asset', 'locale', 'branch', 'release', 'publish_queue']
const modules = [...content, 'environment', 'webhook', 'role', 'stack']

/** What each of our roles is called there, and which of the vendor's modules it writes. */
const told: { [R in Role]: { name: string; description: string; writes: readonly string[] } } = {
  viewer: { name: 'Viewer', description: 'Reads everything, changes nothing.', writes: [] },
  releaser: {
    name: 'Releaser',
    description: 'Edits content and releases, deploys, rolls back, freezes.',
    writes: content,
  },
  approver: {
    name: 'Approver',
    description: 'Approves and rejects deployments, unlocks, lifts freezes and holds.',
    writes: ['publish_queue'],
  },
  admin: { name: 'Admin', description: 'May do everything.', writes: modules },
}

/** The same wherever it is told: our roles have no rows to hang an id on. */
function roleUid(api_key: string, role: Role): string {
  return `blt${createHash('sha256').update(`${api_key} ${role}`).digest('hex').slice(0, 16)}`
}

export function writeRole(api_key: string, role: Role, users: readonly string[]) {
  const { name, description, writes } = told[role]
  return {
    uid: roleUid(api_key, role),
    ...{ name, description, org_uid: organization, api_key, users: [...users], roles: [] },
    rules: modules.map((module) => ({ module, acl: { read: true, write: writes.includes(module) } })),
    SYS_ACL: {},
  }
}

export function roleNames(held: readonly Role[], api_key: string): { uid: string; name: string }[] {
  const own = roles.filter((role) => held.includes(role))
  return own.map((role) => ({ uid: roleUid(api_key, role), name: told[role].name }))
}
