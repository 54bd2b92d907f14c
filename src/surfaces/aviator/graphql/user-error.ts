import { GraphQLError } from 'graphql'

/** What the caller asked wrongly: said to them as it is. */
export function userError(message: string, code = 'BAD_USER_INPUT'): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
