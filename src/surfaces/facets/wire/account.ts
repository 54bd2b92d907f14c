import { Type, type Static } from 'typebox'
import { Flag, Id, Text, Time } from './fields.ts'

/** `token` is in the answer to its making and never again (section 2.1). */
export const UserAccessToken = Type.Object({
  tokenId: Id,
  name: Text,
  description: Text,
  token: Text,
  userName: Text,
  createdOn: Time,
  internal: Flag,
})
export type UserAccessToken = Static<typeof UserAccessToken>

export const CurrentUser = Type.Object({
  id: Id,
  userName: Text,
  email: Text,
  name: Text,
  roles: Type.Optional(Type.Array(Type.String({ examples: ['DEVELOPER'] }))),
  enabled: Flag,
})
export type CurrentUser = Static<typeof CurrentUser>

export const Health = Type.Object({ status: Type.String({ examples: ['UP'] }) })
