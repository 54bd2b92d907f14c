import type { CodeChangelog, CommitPlaces } from '#api/changelog.ts'
import { projectPath, type Paging, type Send } from './path.ts'

type Fetched = (method: string, path: string, body?: unknown, query?: object) => Promise<Response>

/** Of a candidate: against what is live in an environment, or whatever `against` names; the release before without. */
type Against = { environment?: string; against?: string }
type Between = { from?: string; to?: string }

/** What comes with code, and where a commit is. */
export function changelogCalls(send: Send, fetched: Fetched) {
  return {
    readChangelog: (candidate: string, page: Paging & Against = {}) =>
      send<CodeChangelog>('GET', `/candidates/${candidate}/changelog`, undefined, page),
    /** As Markdown. */
    writeChangelog: async (candidate: string, asked: Against & { limit?: number } = {}) => {
      const query = { ...asked, format: 'markdown' }
      return (await fetched('GET', `/candidates/${candidate}/changelog`, undefined, query)).text()
    },
    /** Between two candidates, releases or commits; what is not released yet without `to`. */
    readProjectChangelog: (key: string, page: Paging & Between = {}) =>
      send<CodeChangelog>('GET', `${projectPath(key)}/changelog`, undefined, page),
    writeProjectChangelog: async (key: string, asked: Between & { limit?: number } = {}) => {
      const query = { ...asked, format: 'markdown' }
      return (await fetched('GET', `${projectPath(key)}/changelog`, undefined, query)).text()
    },
    findCommit: (key: string, commit: string) =>
      send<CommitPlaces>('GET', `${projectPath(key)}/contains`, undefined, { commit }),
  }
}
