import { readable } from '#domain/freeze.ts'
import type { Hold } from '#domain/hold.ts'
import { builder } from '../builder.ts'
import { guardOf } from '../reads.ts'
import { EnvironmentRef } from '../refs.ts'

const HoldRef = builder.objectRef<Hold>('EnvironmentHold').implement({
  description:
    'Set by a rollback: nothing comes in by itself meanwhile, and what was rolled back from not at all.',
  fields: (t) => ({
    reason: t.exposeString('reason', { nullable: true }),
    setBy: t.exposeString('set_by', { nullable: true, description: 'Null for Headgate itself.' }),
    createdAt: t.expose('created_at', { type: 'DateTime' }),
  }),
})

builder.objectFields(EnvironmentRef, (t) => ({
  frozen: t.boolean({
    resolve: async (row, _, caller) => ((await guardOf(caller, row))?.freezes.length ?? 0) > 0,
  }),
  frozenReason: t.string({
    nullable: true,
    resolve: async (row, _, caller) => {
      const freezes = (await guardOf(caller, row))?.freezes ?? []
      const said = freezes.map(({ freeze, until }) => {
        const why = freeze.reason ?? freeze.name
        return until === null ? why : `${why} (until ${readable(until, freeze.rule?.time_zone)})`
      })
      return said.length === 0 ? null : said.join('; ')
    },
  }),
  hold: t.field({
    type: HoldRef,
    nullable: true,
    resolve: async (row, _, caller) => (await guardOf(caller, row))?.hold,
  }),
}))
