import { findAnyUser } from '#store/user.ts'
import type { House } from '../context.ts'

/** Whether the store answers, with the tables of this version. */
export async function checkReadiness({ db }: House): Promise<boolean> {
  return findAnyUser(db).then(
    () => true,
    () => false,
  )
}
