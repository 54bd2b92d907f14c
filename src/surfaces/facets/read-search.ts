import { Type } from 'typebox'
import type { Wanted } from '#app/infra/tell-releases.ts'
import type { Call } from './route.ts'
import { optionalFlag, text, time, words } from './read-query.ts'
import { standingsOf } from './status.ts'
import { askedAs } from './translate/release-type.ts'
import { askedStatusWords, releaseTypes } from './words.ts'
import { OneOf } from './wire/fields.ts'

/** What can be searched by (section 2.2). */
export const searchQuery = {
  pageNumber: Type.Integer({ minimum: 0, default: 0 }),
  pageSize: Type.Integer({ minimum: 1, default: 50 }),
  releaseType: OneOf(releaseTypes),
  status: OneOf(askedStatusWords),
  excludeStatus: OneOf(askedStatusWords),
  signedOff: Type.Boolean(),
  triggeredBy: Type.String(),
  start: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time' }),
  tfVersion: Type.String(),
}

/** What came by itself is shown so (section 2.7). */
const bots: readonly string[] = ['bot', 'deployer']

/** Throws `invalid`. */
export function readSearch(query: Call['query']): Wanted {
  const types = words(query, 'releaseType', releaseTypes)
  const status = words(query, 'status', askedStatusWords)
  const excluded = words(query, 'excludeStatus', askedStatusWords)
  const signed_off = optionalFlag(query, 'signedOff')
  const by = text(query, 'triggeredBy')
  const from = time(query, 'start')
  const to = time(query, 'end')
  // Which Terraform a release ran with is not kept: the parameter is read, and narrows nothing.
  text(query, 'tfVersion')
  return {
    ...(types.length > 0 ? { asked_as: types.map(askedAs) } : {}),
    ...(status.length + excluded.length > 0 ? { standings: standingsOf(status, excluded) } : {}),
    ...(signed_off === undefined ? {} : { signed_off }),
    ...(by === undefined ? {} : { requested_by: bots.includes(by.toLowerCase()) ? null : by }),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  }
}
