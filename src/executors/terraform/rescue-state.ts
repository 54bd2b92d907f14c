import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TerraformBench } from './bench.ts'
import { stateContext } from './kept-plan.ts'
import type { Session } from './open-session.ts'
import { unpostedState } from './work-folder.ts'

/**
 * Keeps the state that Terraform could not post: without it nobody would know what it made. Answers where it is, as a
 * sentence for whoever has to post it; undefined where there is none. Where it cannot be kept among the blobs either, its
 * folder stays.
 */
export async function rescueState(
  bench: TerraformBench,
  { folder, tools }: Session,
  environmentId: string,
  { changed = true }: { changed?: boolean } = {},
): Promise<string | undefined> {
  const file = join(folder.path, unpostedState)
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes) return undefined
  // Where nothing was changed outside, nothing is missing in the state as it is.
  const keeping = changed
    ? bench.rescue(environmentId, bytes)
    : bench.keep(bytes, stateContext(environmentId))
  const place = await keeping.then(
    (blob) => `sealed, as blob ${blob}`,
    () => {
      folder.leave()
      return `in ${file} on the machine that ran it`
    },
  )
  const said = `What Terraform did is not in the state: that could not be posted, and is kept, ${place}. It has to be posted (POST …/state/rescue) before this environment is released again.`
  await tools.log('engine', [said])
  return said
}
