import type { CatalogueItem } from '#api/catalogue.ts'
import type { ChangelogEntry, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import type { listCatalogue } from '#app/catalogue/list-catalogue.ts'
import type { ChangelogEntry as Entry } from '#app/releases/list-changelog.ts'
import type { ReleaseConflict as Conflict } from '#app/releases/list-conflicts.ts'
import type { ReleaseWhereabouts } from '#app/releases/list-whereabouts.ts'
import { showId } from '#domain/ids.ts'
import { shown, time } from './shown.ts'

type Item = Awaited<ReturnType<typeof listCatalogue>>[number]

export function viewChangelogEntry({ versions, ...entry }: Entry): ChangelogEntry {
  const steps = versions.map(({ created_by, created_at, ...step }) => ({
    ...step,
    created_by: shown('user', created_by),
    created_at: created_at.toISOString(),
  }))
  return { ...entry, versions: steps }
}

export function viewReleaseConflict({
  place: _,
  release_id,
  deployment_id,
  due_at,
  ...rest
}: Conflict): ReleaseConflict {
  return {
    ...rest,
    due_at: time(due_at),
    release_id: shown('release', release_id),
    deployment_id: shown('deployment', deployment_id),
  }
}

export function viewWhereabouts({ environment_id, ...rest }: ReleaseWhereabouts): Whereabouts {
  return { ...rest, environment_id: showId('environment', environment_id) }
}

export function viewCatalogueItem({ updated_by, updated_at, ...item }: Item): CatalogueItem {
  return { ...item, updated_by: shown('user', updated_by), updated_at: updated_at.toISOString() }
}
