import type { Project } from '#api/project.ts'
import type { getProject } from '#app/projects/get-project.ts'
import { showId } from '#domain/ids.ts'
import { shown, times } from './shown.ts'

type ProjectRow = Awaited<ReturnType<typeof getProject>>

export function viewProject({
  id,
  key,
  name,
  kind,
  version,
  created_by,
  created_at,
  updated_at,
}: ProjectRow): Project {
  return {
    id: showId('project', id),
    key,
    name,
    kind,
    version,
    created_by: shown('user', created_by),
    ...times({ created_at, updated_at }),
  }
}
