import { Type } from 'typebox'

const Text = Type.String({ minLength: 1, maxLength: 200 })

export const ByKey = Type.Object({ key: Text })
export const ByKeyAndName = Type.Object({ key: Text, name: Text })
export const ByKeyNameAndId = Type.Object({ key: Text, name: Text, id: Text })
export const ById = Type.Object({ id: Text })
