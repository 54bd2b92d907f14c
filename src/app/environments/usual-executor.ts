import type { Db } from '#store/database.ts'
import { findProject, type ProjectRow } from '#store/project.ts'

export type ProjectKind = ProjectRow['kind']

/** How an environment of a project deploys while nobody says how. */
export const usualExecutor: Readonly<Record<ProjectKind, string>> = {
  content: 'content',
  // Whoever asks deploys, and reports.
  code: 'none',
  infra: 'terraform',
  data: 'dataflow',
}

export async function usualExecutorOf(db: Db, projectId: string): Promise<string> {
  return usualExecutor[(await findProject(db, projectId))?.kind ?? 'content']
}
