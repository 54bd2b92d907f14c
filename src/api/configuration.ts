import { Type, type Static } from 'typebox'
import { Exactly } from './schema.ts'

export const ConfigurationFile = Exactly({
  yaml: Type.String({ maxLength: 5_000_000, description: 'The text of headgate.yaml' }),
  name: Type.Optional(Type.String({ maxLength: 1000, description: 'Its name, for errors' })),
  variables: Type.Optional(
    Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 10_000 }), {
      description: 'What { env: NAME } stands for; the server’s own environment is never read for a request',
    }),
  ),
})
export type ConfigurationFile = Static<typeof ConfigurationFile>

export const AppliedConfiguration = Type.Object(
  {
    dry_run: Type.Boolean(),
    changes: Type.Array(Type.String(), {
      description: 'Lines such as `+ project website`; empty when nothing differs',
    }),
  },
  { $id: 'AppliedConfiguration' },
)
export type AppliedConfiguration = Static<typeof AppliedConfiguration>
