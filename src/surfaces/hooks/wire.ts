import { Type, type Static } from 'typebox'

/** Of one callback. Longer logs come in several. */
export const mostBytes = 1024 * 1024

const closed = { additionalProperties: false }
const text = (most: number) => Type.String({ maxLength: most })

export const CallbackPath = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) })

export const Callback = Type.Object(
  {
    state: Type.Union(['running', 'succeeded', 'failed', 'canceled'].map((state) => Type.Literal(state))),
    log: Type.Optional(Type.Array(text(100_000), { maxItems: 5000 })),
    items: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: Type.String({ minLength: 1, maxLength: 1000 }),
            outcome: Type.Union([Type.Literal('done'), Type.Literal('failed')]),
            code: Type.Optional(text(100)),
            reason: Type.Optional(text(2000)),
          },
          closed,
        ),
        { maxItems: 20_000 },
      ),
    ),
    reason: Type.Optional(text(2000)),
  },
  closed,
)

export type CallbackBody = Omit<Static<typeof Callback>, 'state'> & {
  state: 'running' | 'succeeded' | 'failed' | 'canceled'
}

export const CallbackAnswer = Type.Object({ state: Type.String() })
