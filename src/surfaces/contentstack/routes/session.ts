import { currentUser } from '#app/identity/current-user.ts'
import { signIn } from '#app/identity/sign-in.ts'
import { signOut } from '#app/identity/sign-out.ts'
import type { session } from '../endpoints/session.ts'
import { secretShapes } from '../ids.ts'
import { uidsOf } from '../names.ts'
import { answering, reads, takes, type OpenCall, type Routes, type UserCall } from '../route.ts'
import { writeUser } from '../translate/user.ts'
import { Login } from '../wire.ts'
import { NoticeAnswer, OneUser } from '../wire-answers.ts'

export const sessionRoutes: Routes<typeof session> = {
  login: answering(
    OneUser,
    takes(Login, async ({ house }: OpenCall, { user: { email, password } }) => {
      const { user, secret } = await signIn(house, { email, password, secret_shape: secretShapes.authtoken })
      const users = await uidsOf(house, 'user', [user.id])
      return { notice: 'Login Successful.', user: { ...writeUser(user, users), authtoken: secret } }
    }),
  ),

  logout: answering(
    NoticeAnswer,
    reads(async ({ ctx }: UserCall) => {
      await signOut(ctx)
      return { notice: "You've logged out successfully." }
    }),
  ),

  user: answering(
    OneUser,
    reads(async ({ ctx }: UserCall) => {
      const user = await currentUser(ctx)
      return { user: writeUser(user, await uidsOf(ctx, 'user', [user.id])) }
    }),
  ),
}
