import { Type } from 'typebox'
import { resolveBeginning } from '#app/external-ids/resolve-beginning.ts'
import { createToken } from '#app/identity/create-token.ts'
import { currentUser } from '#app/identity/current-user.ts'
import { getToken } from '#app/identity/get-token.ts'
import { listTokens } from '#app/identity/list-tokens.ts'
import { removeToken } from '#app/identity/remove-token.ts'
import { checkReadiness } from '#app/readiness/check-readiness.ts'
import { DomainError } from '#domain/errors.ts'
import type { Role } from '#domain/roles.ts'
import type { account } from '../endpoints/account.ts'
import { idOf, readDigits } from '../ids.ts'
import { neededTextIn, objectIn, textIn } from '../read-body.ts'
import type { Call, Route, Routes } from '../route.ts'
import { CurrentUser, Health, UserAccessToken } from '../wire/account.ts'

/** The vendor's system roles (section 1) that come nearest. */
const roleNames: Record<Role, string> = {
  viewer: 'VIEWER',
  releaser: 'DEVELOPER',
  approver: 'CLUSTER_ADMIN',
  admin: 'ADMIN',
}
const mostTokens = 1000

type Token = Awaited<ReturnType<typeof getToken>>

const me: Route = {
  answer: CurrentUser,
  async handle({ ctx }) {
    const { id, email, name, disabled, grants } = await currentUser(ctx)
    const roles = [...new Set(grants.map(({ role }) => roleNames[role]))]
    return { id: idOf(id), userName: email, email, name, roles, enabled: !disabled }
  },
}

export const accountRoutes: Routes<typeof account> = {
  me,
  currentUser: me,
  createToken: {
    body: UserAccessToken,
    answer: UserAccessToken,
    async handle(call) {
      const { ctx } = call
      const { id: user_id, email } = await currentUser(ctx)
      const body = objectIn(call)
      const { scopes = [], project_id = null, environment_ids = null, branches = null } = ctx.principal ?? {}
      // It may what the caller may, and no more.
      const { token, secret } = await createToken(ctx, {
        ...{ kind: 'service', user_id, scopes, project_id, environment_ids, branches },
        name: neededTextIn(body, 'name', 200),
        description: textIn(body, 'description') ?? '',
      })
      return { ...writeToken(token, email), token: secret }
    },
  },
  tokens: {
    answer: Type.Array(UserAccessToken),
    async handle({ ctx }) {
      const { id: user_id, email } = await currentUser(ctx)
      const project_id = ctx.principal?.project_id ?? null
      const { tokens } = await listTokens(ctx, { project_id, user_id, limit: mostTokens })
      return tokens.map((token) => writeToken(token, email))
    },
  },
  removeToken: {
    answer: 'nothing',
    async handle(call) {
      const { ctx, params } = call
      const { id: user_id } = await currentUser(ctx)
      const id = params['tokenId'] ?? ''
      const digits = readDigits(id)
      const token_id = digits && (await resolveBeginning(ctx, 'token', digits))
      const token = token_id ? await getToken(ctx, { token_id }) : undefined
      // Of others there is nothing to see here.
      if (token?.user_id !== user_id) throw new DomainError('not_found', { what: 'token', id })
      await removeToken(ctx, { token_id: token.id })
    },
  },
  health: {
    answer: Health,
    async handle({ house }: Call) {
      if (await checkReadiness(house)) return { status: 'UP' }
      throw new DomainError('unavailable', { retry_after_seconds: 5 })
    },
  },
}

function writeToken({ id, name, description, created_at }: Token, userName: string): UserAccessToken {
  const createdOn = created_at.toISOString()
  return { tokenId: idOf(id), name, description, userName, createdOn, internal: false }
}
