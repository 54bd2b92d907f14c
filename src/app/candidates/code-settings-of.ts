import { invalidField } from '#domain/errors.ts'
import type { NamedCodeSettings } from '#store/code-settings.ts'

/** Throws `invalid` for a project that does not release code from a repository. */
export function requireCode(settings: NamedCodeSettings | undefined): NamedCodeSettings {
  if (!settings) throw invalidField('project', 'invalid', 'releases no code from a repository')
  return settings
}
