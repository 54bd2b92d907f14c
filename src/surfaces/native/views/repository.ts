import type { Repository } from '#api/repository.ts'
import { redactSettings } from '#app/dispatches/executor-settings.ts'
import type { findRepositoryOf } from '#app/repositories/open-repository.ts'
import { showId } from '#domain/ids.ts'
import { time } from './shown.ts'

/** `environments`: the project's, for the name of one. */
export function viewRepository(
  { repository, settings }: Awaited<ReturnType<typeof findRepositoryOf>>,
  environments: readonly { id: string; name: string }[],
): Repository {
  const { branch, paths, tag_patterns, versions, time_zone, push } = settings
  const { name, url, credential, hook_secret } = repository
  return {
    ...{ id: showId('repository', repository.id), name, url, has_credential: credential !== null },
    ...{ hook: `/headgate/hooks/repositories/${name}`, has_hook_secret: hook_secret !== null },
    ...{ branch, paths, tag_patterns, versions, time_zone, push },
    cut: {
      cron: settings.cut_cron,
      next_at: time(settings.next_cut_at),
      deploy_to: environments.find(({ id }) => id === settings.deploy_to)?.name ?? null,
    },
    build: { executor: settings.build_executor, ...redactSettings(settings.build_settings) },
    updated_at: settings.updated_at.toISOString(),
  }
}
