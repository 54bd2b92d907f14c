import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TerraformBench } from './bench.ts'
import { stateContext } from './kept-plan.ts'
import type { Session } from './open-session.ts'

/**
 * Keeps the state that Terraform could not post: without it nobody would know what it made. Answers the blob's digest;
 * undefined where there is none.
 */
export async function rescueState(
  bench: TerraformBench,
  { folder, tools }: Session,
  environmentId: string,
): Promise<string | undefined> {
  const bytes = await readFile(join(folder.path, 'errored.tfstate')).catch(() => undefined)
  if (!bytes) return undefined
  const blob = await bench.keep(bytes, stateContext(environmentId))
  await tools.log('engine', [`The state could not be saved where it belongs; it is kept as blob ${blob}.`])
  return blob
}

/** What somebody has to do about it. */
export function describeRescue(blob: string): string {
  return `What Terraform did is not in the state: that could not be posted, and is kept, sealed, as blob ${blob}. It has to be posted before this environment is released again.`
}
