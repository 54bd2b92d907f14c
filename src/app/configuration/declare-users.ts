import { hashPassword, verifyPassword } from '#ground/secrets.ts'
import { findProjectByKey } from '#store/project.ts'
import { findUserByEmail } from '#store/user.ts'
import { invalidField } from '#domain/errors.ts'
import type { Context, Unit } from '../context.ts'
import { createUserIn } from '../identity/create-user.ts'
import { changeUserIn } from '../identity/update-user.ts'
import type { Grant } from '../identity/user-view.ts'
import { placing } from './placing.ts'
import type { DeclaredUser } from './configuration-schema.ts'
import type { ConfigurationText } from './configuration-text.ts'

/**
 * New hashes for the passwords that differ from those that are set, by e-mail address. Before the transaction: each
 * takes tens of milliseconds.
 */
export async function hashPasswords(
  ctx: Context,
  users: readonly DeclaredUser[],
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const { email, password } of users) {
    if (password === undefined) continue
    const known = await findUserByEmail(ctx.db, email)
    if (known?.password_hash && (await verifyPassword(known.password_hash, password))) continue
    hashes.set(email, await hashPassword(password))
  }
  return hashes
}

/** Makes users what is declared of them: roles that are named are all that the user holds. */
export async function declareUsers(
  ctx: Context,
  unit: Unit,
  text: ConfigurationText,
  users: readonly DeclaredUser[],
  passwords: ReadonlyMap<string, string>,
): Promise<string[]> {
  const lines: string[] = []
  for (const [index, user] of users.entries()) {
    const declare = () => declareUser(ctx, unit, user, passwords.get(user.email))
    const line = await placing(text, `users.${index}`, declare)
    if (line) lines.push(line)
  }
  return lines
}

async function declareUser(
  ctx: Context,
  unit: Unit,
  user: DeclaredUser,
  password_hash: string | undefined,
): Promise<string | undefined> {
  const { email, name, agent } = user
  const grants = await grantsOf(unit, user)
  const known = await findUserByEmail(unit.tx, email)
  if (!known) {
    await createUserIn(ctx, unit, {
      email,
      grants: grants ?? [],
      password_hash: password_hash ?? null,
      ...(name === undefined ? {} : { name }),
      ...(agent === undefined ? {} : { agent }),
    })
    return `+ user ${email}`
  }
  if (agent !== undefined && agent !== known.agent)
    throw invalidField('agent', 'immutable', `is ${known.agent} since the user was made`)
  const { changed } = await changeUserIn(ctx, unit, known.id, {
    ...(name === undefined ? {} : { name }),
    ...(grants === undefined ? {} : { grants }),
    ...(password_hash === undefined ? {} : { password_hash }),
  })
  return changed.length > 0 ? `~ user ${email} ${changed.join(', ')}` : undefined
}

/** Undefined where the file says nothing of roles. */
async function grantsOf({ tx }: Unit, { role, grants }: DeclaredUser): Promise<Grant[] | undefined> {
  if (role === undefined && grants === undefined) return undefined
  const held: Grant[] = role === undefined ? [] : [{ project_id: null, role }]
  for (const [index, grant] of (grants ?? []).entries()) {
    const project = await findProjectByKey(tx, grant.project)
    if (!project) throw invalidField(`grants.${index}.project`, 'unknown', `${grant.project} is no project`)
    held.push({ project_id: project.id, role: grant.role })
  }
  return held
}
