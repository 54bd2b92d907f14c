import { currentUser } from '#app/identity/current-user.ts'
import { isDomainError } from '#domain/errors.ts'
import { builder } from '../builder.ts'

const Viewer = builder.objectRef<{ email: string; name: string }>('Viewer').implement({
  description: 'The user whose token this is.',
  fields: (t) => ({ email: t.exposeString('email'), fullName: t.exposeString('name') }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: true,
    description: 'Null for a token that belongs to nobody.',
    resolve: async (_root, _args, { ctx }) => {
      if (!ctx.principal?.user_id) return null
      try {
        return await currentUser(ctx)
      } catch (error) {
        // Its token was narrowed, or the user went meanwhile.
        if (isDomainError(error, 'forbidden')) return null
        throw error
      }
    },
  }),
)
