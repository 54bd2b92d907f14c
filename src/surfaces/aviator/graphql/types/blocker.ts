import type { Shut } from '#domain/gates.ts'
import { builder } from '../builder.ts'
import { GateCode } from '../enums.ts'

export const BlockerRef = builder.objectRef<Shut>('Blocker').implement({
  description: 'What keeps a deployment: why, who can open it, and when it opens by itself at the earliest.',
  fields: (t) => ({
    code: t.field({ type: GateCode, resolve: ({ code }) => code }),
    detail: t.exposeString('detail'),
    who: t.exposeString('who'),
    opensAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: ({ opens_at }) => (opens_at === null ? null : new Date(opens_at)),
    }),
  }),
})
