import { Type } from 'typebox'

// A body may be left out here: the SDKs' generic calls send none.

const Locale = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }))

export const VersionUnname = Type.Object({ entry: Type.Optional(Type.Object({ locale: Locale })) })
