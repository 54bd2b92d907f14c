import { Type } from 'typebox'

const Uid = Type.String({ minLength: 1, maxLength: 128 })

/** `source` left out, or empty as clients send it, is `main`. */
export const NewBranch = Type.Object({
  branch: Type.Object({ uid: Uid, source: Type.Optional(Type.String({ maxLength: 128 })) }),
})

export const AliasTarget = Type.Object({ branch_alias: Type.Object({ target_branch: Uid }) })
