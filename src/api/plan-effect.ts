import { Type, type Static } from 'typebox'
import { OneOf } from './schema.ts'

const effectActions = ['create', 'read', 'update', 'replace', 'delete', 'forget'] as const

export const PlanEffect = Type.Object(
  {
    item_key: Type.String({ description: 'The change that it is part of' }),
    address: Type.String({
      description: 'Where its executor finds it: module.service__api.aws_instance.this',
    }),
    action: OneOf(effectActions),
    attributes: Type.Array(
      Type.Object({
        attribute: Type.String({ description: 'A path: spec.ports[0].port' }),
        before: Type.Unknown({ description: 'Null where it is not there, or is secret' }),
        after: Type.Unknown({
          description: 'Null where it is not there, is secret, or is known only afterwards',
        }),
        sensitive: Type.Optional(Type.Boolean()),
        unknown: Type.Optional(Type.Boolean()),
      }),
    ),
  },
  { $id: 'PlanEffect', description: 'What a plan does to one thing inside an item' },
)
export type PlanEffect = Static<typeof PlanEffect>
