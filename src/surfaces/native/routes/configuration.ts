import { Type } from 'typebox'
import { AppliedConfiguration, ConfigurationFile } from '#api/configuration.ts'
import { Exactly, ref } from '#api/schema.ts'
import { applyConfiguration } from '#app/configuration/apply-configuration.ts'
import type { ProjectPart } from '#app/configuration/project-part.ts'
import { callerOf } from '../caller.ts'
import { root, type NativeServer } from '../server.ts'

const Dry = Exactly({
  dry_run: Type.Boolean({ default: false, description: 'Say what it would change' }),
})

export function configurationRoutes(server: NativeServer, parts: readonly ProjectPart[]): void {
  server.post(
    `${root}/configuration`,
    {
      schema: {
        ...{
          tags: ['configuration'],
          summary: 'Apply a headgate.yaml',
          querystring: Dry,
          body: ConfigurationFile,
        },
        response: { 200: ref(AppliedConfiguration) },
      },
    },
    async (request) => {
      const { yaml, name = 'headgate.yaml', variables = {} } = request.body
      const { dry_run } = request.query
      const file = { text: yaml, file: name, environment: variables, dry_run }
      return { dry_run, changes: await applyConfiguration(callerOf(request), parts, file) }
    },
  )
}
