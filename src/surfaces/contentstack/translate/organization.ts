import type { Role } from '#domain/roles.ts'
import { organization } from '../ids.ts'
import { writeTime } from './time.ts'

const role = (uid: string, name: string, description: string, admin: boolean) => ({
  ...{ uid, name, description, admin, org_uid: organization, domain: 'organization' },
})
const adminRole = role('blt00000000000000a1', 'admin', 'An admin of this Headgate.', true)
const memberRole = role('blt00000000000000a2', 'member', 'Anybody else.', false)

/** What somebody holds on the whole instance, as the vendor's roles of an organisation. */
export const organizationRoles = [adminRole, memberRole]

/** The one organisation that a Headgate is, as this person sees it. */
export function writeOrganization(
  { instance_roles, since }: { instance_roles: readonly Role[]; since: Date },
  withRoles = false,
) {
  const owner = instance_roles.includes('admin')
  return {
    uid: organization,
    name: 'Headgate',
    enabled: true,
    is_owner: owner,
    is_transfer_set: false,
    expires_on: null,
    created_at: writeTime(since),
    updated_at: writeTime(since),
    ...(withRoles ? { org_roles: [owner ? adminRole : memberRole] } : {}),
  }
}
