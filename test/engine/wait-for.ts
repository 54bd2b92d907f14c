import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '#app/context.ts'
import { requireDeployment } from '#app/deployments/deployment-view.ts'
import { isFinal, type DeploymentState } from '#domain/lifecycle.ts'
import type { NamedDeployment } from '#store/deployment.ts'

const patienceMs = 30_000

/** Waits until a deployment is in this state; fails at once when it ended in another. */
export async function reached(
  { db }: Pick<Context, 'db'>,
  id: string,
  wanted: DeploymentState,
): Promise<NamedDeployment> {
  return waitFor(db, id, ({ state }) => state === wanted, wanted)
}

/** Waits until a deployment has ended, however. */
export function ended({ db }: Pick<Context, 'db'>, id: string): Promise<NamedDeployment> {
  return waitFor(db, id, ({ state }) => isFinal(state), 'an end')
}

async function waitFor(
  db: Context['db'],
  id: string,
  there: (row: NamedDeployment) => boolean,
  what: string,
): Promise<NamedDeployment> {
  const until = performance.now() + patienceMs
  for (;;) {
    const row = await requireDeployment(db, id)
    if (there(row)) return row
    if (isFinal(row.state) || performance.now() > until)
      throw new Error(
        `waited for ${what}: it is ${row.state} (${row.failure_code ?? 'no failure'}, ${row.failure_detail})`,
      )
    await sleep(5)
  }
}

/** A promise to be kept by the test. */
export function signal(): { promise: Promise<void>; give: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, give: resolve }
}
