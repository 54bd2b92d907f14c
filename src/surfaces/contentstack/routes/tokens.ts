import { authorize } from '#app/authorize.ts'
import { resolveBranch } from '#app/content/resolve-branch.ts'
import { transact } from '#app/context.ts'
import { assignExternal, resolveExternal } from '#app/external-ids/resolve-external.ts'
import { createTokenIn, type NewToken as TokenInput } from '#app/identity/create-token.ts'
import { getToken } from '#app/identity/get-token.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { createPreviewSecret } from '#app/identity/preview-secret.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { updateToken } from '#app/identity/update-token.ts'
import type { TokenView } from '#app/identity/token-view.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import type { deliveryTokens, managementTokens } from '../endpoints/tokens.ts'
import { findEnvironments } from '../find-environments.ts'
import { bltOf, secretShapes, surface } from '../ids.ts'
import { uidsOf, uidsOfEach } from '../names.ts'
import { limitsOf } from '../limits.ts'
import { heldActions, managementActions, scopeWord } from '../management-scope.ts'
import { flag, page } from '../query.ts'
import { answering, makes, reads, takes, type Routes, type StackCall } from '../route.ts'
import { readBranches, readEnvironmentNames, readExpiry, writeToken } from '../translate/token.ts'
import { NewToken, TokenChange, type TokenScope } from '../wire.ts'
import { NoticeAnswer, OneToken, type TokenAnswer } from '../wire-answers.ts'

type Limits = Pick<TokenInput, 'scopes' | 'environment_ids' | 'most'>

/** Both sorts of token are one resource; what differs is the sort, its name, and what the scope limits it to. */
function tokenRoutes(
  kind: 'service' | 'delivery',
  noun: string,
  narrowing: (call: StackCall, scope: TokenScope) => Promise<Limits>,
): Routes<typeof managementTokens> {
  return {
    create: answering(
      OneToken,
      makes(NewToken, async (call: StackCall, { token: { name, description, scope, expires_on } }) => {
        const { ctx, project_id } = call
        const input: TokenInput = {
          ...{ kind, project_id, name, description, ...(await narrowing(call, scope)) },
          ...{ branches: await knownBranches(call, scope), expires_at: readExpiry(expires_on) },
          ...{ annotations: { [scopeWord]: scope as never }, secret_shape: secretShapes.token },
        }
        const { token, secret } = await transact(ctx, async (unit) => {
          const made = await createTokenIn(ctx, unit, input)
          await assignExternal(unit.tx, surface, 'token', made.token.id, bltOf(made.token.id))
          return made
        })
        const [answer] = (await answerTokens(call, [token])) as [TokenAnswer]
        const preview = await previewAsked(call, token)
        return { notice: `${noun} created successfully.`, token: { ...answer, token: secret, ...preview } }
      }),
    ),

    list: reads(async (call: StackCall) => {
      const { ctx, project_id, query } = call
      const { tokens, total } = await listTokens(ctx, { project_id, kind, ...page(query) })
      if (flag(query, 'count')) return { tokens: total }
      const counted = flag(query, 'include_count') ? { count: total } : {}
      return { tokens: await answerTokens(call, tokens), ...counted }
    }),

    get: answering(
      OneToken,
      reads(async (call: StackCall) => {
        const [token] = (await answerTokens(call, [await findToken(call, kind)])) as [TokenAnswer]
        return { token }
      }),
    ),

    /** A scope that is empty is one that was not given in the vendor's words: it stays. */
    update: answering(
      OneToken,
      takes(TokenChange, async (call: StackCall, { token: change }) => {
        const { name, description, scope = [], expires_on } = change
        const before = await findToken(call, kind)
        const narrowed =
          scope.length === 0
            ? {}
            : { ...(await narrowing(call, scope)), branches: await knownBranches(call, scope) }
        const annotations = { ...before.annotations, [scopeWord]: scope as never }
        const token = await updateToken(call.ctx, {
          ...{ token_id: before.id, project_id: call.project_id, name, description, ...narrowed },
          ...(expires_on === undefined ? {} : { expires_at: readExpiry(expires_on) }),
          ...(scope.length === 0 ? {} : { annotations }),
        })
        const [answer] = (await answerTokens(call, [token])) as [TokenAnswer]
        return { notice: `${noun} updated successfully.`, token: answer }
      }),
    ),

    remove: answering(
      NoticeAnswer,
      reads(async (call: StackCall) => {
        const { id: token_id } = await findToken(call, kind)
        await removeToken(call.ctx, { token_id, project_id: call.project_id })
        return { notice: `${noun} deleted successfully.` }
      }),
    ),
  }
}

export const managementTokenRoutes: Routes<typeof managementTokens> = tokenRoutes(
  'service',
  'Management Token',
  async (call, scope) => {
    // Nobody hands out what they may not do themselves; what it holds elsewhere is asked where it is made.
    for (const action of ['token.admin', ...managementActions(scope)] as const)
      authorize(call.ctx, action, { project_id: call.project_id })
    return { scopes: heldActions(scope), most: (await limitsOf(call)).management_tokens }
  },
)

export const deliveryTokenRoutes: Routes<typeof deliveryTokens> = tokenRoutes(
  'delivery',
  'Delivery Token',
  async (call, scope) => {
    const environments = await findEnvironments(call, readEnvironmentNames(scope))
    return { environment_ids: environments.map(({ id }) => id) }
  },
)

/** The branches of a scope, by the names it gives them. Throws `invalid` for one that is not there. */
async function knownBranches({ house, project_id }: StackCall, scope: TokenScope): Promise<string[] | null> {
  const names = readBranches(scope)
  for (const name of names ?? [])
    if ((await resolveBranch(house, { project_id, name })) === undefined)
      throw invalidField('scope.branch_or_alias', 'unknown', `The branch '${name}' does not exist.`)
  return names
}

/** `create_with_preview_token=true`: a delivery token has its second secret from the start. */
async function previewAsked({ ctx, query }: StackCall, { id, kind, project_id }: TokenView) {
  if (kind !== 'delivery' || !flag(query, 'create_with_preview_token')) return {}
  const which = { token_id: id, project_id, secret_shape: secretShapes.token }
  return { preview_token: (await createPreviewSecret(ctx, which)).secret }
}

/** The token of the address. Throws `not_found`, also for one of the other sort. */
async function findToken(
  { house, ctx, project_id, params }: StackCall,
  kind: TokenView['kind'],
): Promise<TokenView> {
  const uid = params.token ?? ''
  const token_id = await resolveExternal(house, surface, 'token', uid)
  const token = token_id ? await getToken(ctx, { token_id, project_id }) : undefined
  if (token?.kind !== kind) throw new DomainError('not_found', { what: 'token', id: uid })
  return token
}

/** Tokens as the vendor tells them, without their secrets. */
export async function answerTokens({ ctx }: StackCall, all: readonly TokenView[]): Promise<TokenAnswer[]> {
  const [tokens, users] = await Promise.all([
    uidsOfEach(ctx, 'token', all),
    uidsOf(
      ctx,
      'user',
      all.map(({ user_id }) => user_id),
    ),
  ])
  return all.map((token) => writeToken(token, { tokens, users }))
}
