import type { beside } from '../endpoints/beside.ts'
import type { Routes } from '../route.ts'

/** `describe` is the whole surface's, which is known once all of it is put together. */
export const besideRoutes = (describe: () => object): Routes<typeof beside> => ({
  apiDocs: {
    answer: 'raw',
    async handle({ reply }) {
      return reply.type('application/json; charset=utf-8').serializer(String).send(JSON.stringify(describe()))
    },
  },
})
