import { authorize } from '#app/authorize.ts'
import { resolveExternal } from '#app/external-ids/resolve-external.ts'
import { createPreviewSecret, removePreviewSecret } from '#app/identity/preview-secret.ts'
import { DomainError } from '#domain/errors.ts'
import type { previewTokens } from '../endpoints/preview-tokens.ts'
import { secretShapes, surface } from '../ids.ts'
import { answering, created, reads, type Routes, type StackCall } from '../route.ts'
import { NoticeAnswer, OneToken, type TokenAnswer } from '../wire-answers.ts'
import { answerTokens } from './tokens.ts'

/** Neither reads a body: clients send whatever they like, or none. */
export const previewTokenRoutes: Routes<typeof previewTokens> = {
  create: answering(
    OneToken,
    created(
      reads(async (call: StackCall) => {
        const secret_shape = secretShapes.token
        const { token, secret } = await createPreviewSecret(call.ctx, {
          ...(await which(call)),
          secret_shape,
        })
        const [answer] = (await answerTokens(call, [token])) as [TokenAnswer]
        return {
          notice: 'Preview token created successfully.',
          token: { ...answer, preview_token: secret },
        }
      }),
    ),
  ),

  remove: answering(
    NoticeAnswer,
    reads(async (call: StackCall) => {
      await removePreviewSecret(call.ctx, await which(call))
      return { notice: 'Preview token deleted successfully.' }
    }),
  ),
}

async function which({ house, ctx, project_id, params }: StackCall) {
  // Before it is looked for: who may not see tokens learns nothing of which there are.
  authorize(ctx, 'token.admin', { project_id })
  const uid = params.token ?? ''
  const token_id = await resolveExternal(house, surface, 'token', uid)
  if (token_id === undefined) throw new DomainError('not_found', { what: 'token', id: uid })
  return { token_id, project_id }
}
