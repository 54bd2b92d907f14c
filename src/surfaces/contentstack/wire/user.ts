import { Type } from 'typebox'

const Part = Type.Optional(Type.String({ maxLength: 100 }))

/** The SDK puts back the whole user: what is not named here is left alone, but for what would be taken as done. */
export const UserChange = Type.Object({
  user: Type.Object({
    first_name: Part,
    last_name: Part,
    company: Type.Optional(Type.String({ maxLength: 1000 })),
    email: Type.Optional(Type.String({ maxLength: 1000 })),
    password: Type.Optional(Type.Unknown()),
  }),
})
