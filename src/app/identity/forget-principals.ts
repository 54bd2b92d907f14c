import type { House } from '../context.ts'
import { identityCache } from './identity-cache.ts'

/** To be called after a commit that changed users, grants or tokens: nobody acts on an old right in this process. */
export function forgetPrincipals(house: House): void {
  identityCache(house).forget()
}
