import type { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Context } from '#app/context.ts'
import { callerOf } from '../caller.ts'
import { root, type NativeServer } from '../server.ts'

/** What main.ts hands in: it knows where there is room for a backup, and what else measures itself. */
export interface Operations {
  makeBackup(ctx: Context): Promise<{ archive: Readable; made_at: Date }>
  /** As text in Prometheus' format. */
  metrics(ctx: Context): Promise<string>
}

const tags = ['operations']

export function operationRoutes(server: NativeServer, { makeBackup, metrics }: Operations): void {
  server.post(
    `${root}/backup`,
    {
      schema: {
        tags,
        summary: 'A tar of everything: all rows of one moment and all blobs, while it serves on',
        response: { 200: file('application/x-tar') },
      },
    },
    async (request, reply) => {
      const { archive, made_at } = await makeBackup(callerOf(request))
      const name = `headgate-${made_at.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.tar`
      reply.header('content-disposition', `attachment; filename="${name}"`)
      return reply.type('application/x-tar').send(archive as never)
    },
  )

  server.get(
    `${root}/metrics`,
    {
      logLevel: 'warn',
      schema: {
        tags,
        summary: 'What Prometheus scrapes; a viewer of the instance may read it',
        response: { 200: file('text/plain') },
      },
    },
    async (request, reply) => {
      const text = await metrics(callerOf(request))
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(text as never)
    },
  )
}

/** An answer that is not JSON. */
function file(type: string) {
  return Type.Unsafe<unknown>({ description: 'OK', content: { [type]: { schema: { type: 'string' } } } })
}
