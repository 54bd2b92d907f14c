import { findAnyUser } from '#store/user.ts'
import type { House } from '../context.ts'

const mostWaitMs = 2_000

/** Whether the store answers, with the tables of this version, within two seconds: who asks has no more patience. */
export async function checkReadiness({ db }: House): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), mostWaitMs)
  })
  const answer = findAnyUser(db).then(
    () => true,
    () => false,
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
