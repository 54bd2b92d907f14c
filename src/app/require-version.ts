import { DomainError, type What } from '#domain/errors.ts'

/** Whether what is held is what the caller saw, if the caller said so. Throws `version_conflict`. */
export function requireVersion(
  what: What,
  { id, version }: { id: string; version: number },
  seen: number | undefined,
): void {
  if (seen !== undefined && seen !== version) throw new DomainError('version_conflict', { what, id, version })
}
