import { Type } from 'typebox'
import { Name, orNull, Text, Uid, wrapped } from '../wire.ts'

const Url = Type.Object({ locale: Type.Optional(orNull(Uid)), url: Type.Optional(Text) })

const fields = {
  urls: Type.Optional(Type.Array(Url, { maxItems: 1000 })),
  servers: Type.Optional(Type.Array(Type.Object({}), { maxItems: 1000 })),
  deploy_content: Type.Optional(Type.Boolean()),
}

export const NewEnvironment = wrapped('environment', Type.Object({ name: Name, ...fields }))

export const EnvironmentChange = wrapped('environment', Type.Object({ name: Type.Optional(Name), ...fields }))
