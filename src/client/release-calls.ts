import type { CatalogueItem, Commit, Fetched } from '#api/catalogue.ts'
import type { Repository } from '#api/repository.ts'
import type { Preview } from '#api/preview.ts'
import type {
  MovedItems,
  NewRelease,
  NewReleaseItems,
  PinnedRevision,
  Release,
  ReleaseItem,
} from '#api/release.ts'
import type { MissingReferences, ReaderChange } from '#api/release-contents.ts'
import type { ChangelogEntry, Difference, ReleaseConflict, Whereabouts } from '#api/release-reading.ts'
import { projectPath, type Listed, type Paging, type Send } from './path.ts'

type ItemSearch = Paging & { kind?: string; action?: ReleaseItem['action']; q?: string }
type ReleaseSearch = Paging & {
  name?: string
  q?: string
  branch?: string
  archived?: boolean
  locked?: boolean
}
type CatalogueSearch = Paging & { branch?: string; kind?: string; locale?: string; q?: string; all?: boolean }

/** What ships: the catalogue, releases and their revisions. */
export function releaseCalls(send: Send) {
  return {
    listCatalogue: (key: string, page: CatalogueSearch = {}) =>
      send<Listed<CatalogueItem>>('GET', `${projectPath(key)}/catalogue`, undefined, page),
    /** Of a project of code, by its 7 to 40 first digits. */
    getCommit: (key: string, sha: string) =>
      send<Commit>('GET', `${projectPath(key)}/commits/${encodeURIComponent(sha)}`),
    getRepository: (key: string) => send<Repository>('GET', `${projectPath(key)}/repository`),
    fetchRepository: (key: string) => send<Fetched>('POST', `${projectPath(key)}/fetch`),
    listReleases: (key: string, page: ReleaseSearch = {}) =>
      send<Listed<Release>>('GET', `${projectPath(key)}/releases`, undefined, page),
    createRelease: (key: string, input: NewRelease) =>
      send<Release>('POST', `${projectPath(key)}/releases`, input),
    getRelease: (id: string) => send<Release>('GET', `/releases/${id}`),
    lockRelease: (id: string, reason?: string) => send<Release>('POST', `/releases/${id}/lock`, { reason }),
    unlockRelease: (id: string, reason?: string) =>
      send<Release>('POST', `/releases/${id}/unlock`, { reason }),
    listReleaseItems: (id: string, page: ItemSearch = {}) =>
      send<Listed<ReleaseItem>>('GET', `/releases/${id}/items`, undefined, page),
    addReleaseItems: (id: string, input: NewReleaseItems) =>
      send<Listed<ReleaseItem>>('POST', `/releases/${id}/items`, input),
    moveReleaseItems: (id: string, input: MovedItems) =>
      send<{ moved: number }>('POST', `/releases/${id}/items/move`, input),
    getRevision: (id: string, number: number) =>
      send<PinnedRevision>('GET', `/releases/${id}/revisions/${number}`),
    /** `against`: `rev_…`, `rel_…`, or `live:<environment>`. */
    diffRelease: (id: string, against: string, page: Paging & { change?: Difference['change'] } = {}) =>
      send<Listed<Difference>>('GET', `/releases/${id}/diff`, undefined, { against, ...page }),
    listChangelog: (id: string, environment: string, page: Paging = {}) =>
      send<Listed<ChangelogEntry>>('GET', `/releases/${id}/changelog`, undefined, { environment, ...page }),
    /** How to read an environment as if it had been deployed there, and what of it would be left out. */
    previewRelease: (id: string, environment: string) =>
      send<Preview>('GET', `/releases/${id}/preview`, undefined, { environment }),
    listConflicts: (id: string, page: Paging & { environment?: string } = {}) =>
      send<Listed<ReleaseConflict>>('GET', `/releases/${id}/conflicts`, undefined, page),
    /** What readers of an environment would see of it as it is now. */
    listReleaseContents: (id: string, environment: string, page: Paging = {}) =>
      send<Listed<ReaderChange>>('GET', `/releases/${id}/contents`, undefined, { environment, ...page }),
    listMissingReferences: (id: string, environment: string, page: Paging = {}) =>
      send<MissingReferences>('GET', `/releases/${id}/missing-references`, undefined, {
        environment,
        ...page,
      }),
    addMissingReferences: (id: string, environment: string) =>
      send<Listed<ReleaseItem>>('POST', `/releases/${id}/missing-references`, { environment }),
    listWhereabouts: (id: string, revision?: number) =>
      send<Listed<Whereabouts>>('GET', `/releases/${id}/whereabouts`, undefined, { revision }),
  }
}
