import { Type, type Static } from 'typebox'

const Text = Type.String()
const TextOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] })

const shared = {
  uid: Text,
  /** Empty for main, which was made of nothing. */
  source: Text,
  created_by: TextOrNull,
  updated_by: TextOrNull,
  created_at: Text,
  updated_at: Text,
}

const BranchAnswer = Type.Object({ ...shared, alias: Type.Array(Type.Object({ uid: Text })) })
export type BranchAnswer = Static<typeof BranchAnswer>
export const OneBranch = Type.Object({ notice: Type.Optional(Text), branch: BranchAnswer })

/** An alias is answered as the branch that it means, with its own name beside it. */
const AliasAnswer = Type.Object({ ...shared, alias: Text })
export type AliasAnswer = Static<typeof AliasAnswer>
export const OneAlias = Type.Object({ notice: Type.Optional(Text), branch_alias: AliasAnswer })
