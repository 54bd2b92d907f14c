import { invalidField } from '#domain/errors.ts'
import { credentialFault } from '#ground/git/credential.ts'
import { readRemoteUrl } from '#ground/git/remote-url.ts'
import {
  findRepositoryByName,
  insertRepository,
  updateRepository,
  type RepositoryRow,
} from '#store/repository.ts'
import type { Context, Unit } from '../context.ts'
import { hookContext } from './hear-push.ts'
import { credentialContext } from './remote-of.ts'

export interface DeclaredRepository {
  /** `org/name`; found again by it, in upper or lower case. */
  name: string
  /** Needed for one that is not known yet. */
  url?: string
  /** A token, or a private key in PEM. */
  credential?: string
  hook_secret?: string
}

/** What each project said in this transaction: two that say something else of one repository would never be at rest. */
const said = new WeakMap<Unit, Map<string, string>>()

/** Makes a repository what is declared of it. Answers its id, and a line where something differed. Throws `invalid`. */
export async function declareRepositoryIn(
  ctx: Context,
  unit: Unit,
  declared: DeclaredRepository,
  project_id: string,
): Promise<{ id: string; lines: string[] }> {
  const { name, url } = declared
  const known = await findRepositoryByName(unit.tx, name)
  if (!known && url === undefined) throw invalidField('repository.url', 'required', 'is missing')
  const id = known?.id ?? ctx.newId()
  checkAccess(ctx, declared, known)
  agree(unit, id, declared)
  const change = differences(ctx, id, known, declared)
  const changed = Object.keys(change)
  if (changed.length === 0) return { id, lines: [] }
  const row = { id, name, ...change, updated_at: ctx.now() }
  if (known) await updateRepository(unit.tx, { ...row, name: known.name })
  else await insertRepository(unit.tx, { ...row, url: url!, created_at: ctx.now() })
  const kind = known ? ('repository.updated' as const) : ('repository.created' as const)
  unit.record({ kind, project_id, subject_id: id, data: { name, ...(known ? { changed } : {}) } })
  // It is there when somebody needs it; until then nothing is lost.
  if (change.url !== undefined || change.credential !== undefined)
    unit.wake({ name: 'fetch-repository', data: { repository_id: id } })
  return { id, lines: [known ? `~ repository ${name} ${changed.join(', ')}` : `+ repository ${name}`] }
}

function checkAccess(ctx: Context, { url, credential }: DeclaredRepository, known?: RepositoryRow): void {
  const read = readRemoteUrl(url ?? known!.url)
  if ('fault' in read) throw invalidField('repository.url', 'invalid', read.fault)
  const fault = credential === undefined ? undefined : credentialFault(read, credential)
  if (fault) throw invalidField('repository.credential', 'invalid', fault)
  if (credential !== undefined || !known?.credential) return
  const kept = openOr(ctx, known.credential, credentialContext(known.id))
  const stale = kept === undefined ? undefined : credentialFault(read, kept)
  if (stale) throw invalidField('repository.credential', 'invalid', `(the one that is kept) ${stale}`)
}

function agree(unit: Unit, id: string, { url, credential, hook_secret }: DeclaredRepository): void {
  const known = said.get(unit) ?? new Map<string, string>()
  said.set(unit, known)
  for (const [key, value] of Object.entries({ url, credential, hook_secret })) {
    if (value === undefined) continue
    const before = known.get(`${id} ${key}`)
    if (before !== undefined && before !== value)
      throw invalidField(
        `repository.${key}`,
        'invalid',
        'differs from what another project says of this repository',
      )
    known.set(`${id} ${key}`, value)
  }
}

function differences(
  { vault }: Context,
  id: string,
  known: RepositoryRow | undefined,
  { url, credential, hook_secret }: DeclaredRepository,
): { url?: string; credential?: string; hook_secret?: string } {
  const sealed = (value: string | undefined, kept: string | null | undefined, context: string) =>
    value === undefined || (kept && openOr({ vault }, kept, context) === value)
      ? undefined
      : vault.seal(value, context)
  const change = {
    url: url === known?.url ? undefined : url,
    credential: sealed(credential, known?.credential, credentialContext(id)),
    hook_secret: sealed(hook_secret, known?.hook_secret, hookContext(id)),
  }
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

/** Undefined where the key is gone that it was sealed with. */
function openOr({ vault }: Pick<Context, 'vault'>, sealed: string, context: string): string | undefined {
  try {
    return vault.open(sealed, context)
  } catch {
    return undefined
  }
}
