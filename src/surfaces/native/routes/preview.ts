import { Type } from 'typebox'
import { Preview } from '#api/preview.ts'
import { Exactly } from '#api/schema.ts'
import { previewFaults } from '#app/content/preview-release.ts'
import { getEnvironmentByName } from '#app/environments/get-environment.ts'
import { showId } from '#domain/ids.ts'
import { callerOf } from '../caller.ts'
import { releaseAt } from '../read-path.ts'
import { root, type NativeServer } from '../server.ts'
import { ById } from './params.ts'

export function previewRoutes(server: NativeServer): void {
  server.get(
    `${root}/releases/:id/preview`,
    {
      schema: {
        tags: ['releases'],
        summary:
          'How to read an environment as if it had been deployed there, and what of it would be left out',
        params: ById,
        querystring: Exactly({
          environment: Type.String({ minLength: 1, maxLength: 200, description: 'An environment by name' }),
        }),
        response: { 200: Preview },
      },
    },
    async (request) => {
      const ctx = callerOf(request)
      const release = await releaseAt(ctx, request.params)
      const { project_id, release_id } = release
      const environment = await getEnvironmentByName(ctx, { project_id, name: request.query.environment })
      const asked = { project_id, release_id, environment_id: environment.id }
      const { branch, faults } = await previewFaults(ctx, asked)
      const shown = showId('release', release_id)
      return {
        ...{ release: shown, environment: environment.name, branch },
        query: { environment: environment.name, release: shown },
        left_out: faults,
      }
    },
  )
}
