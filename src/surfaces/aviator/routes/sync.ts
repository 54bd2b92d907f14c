import { bindRun, type RunBinding } from '#app/dispatches/bind-run.ts'
import type { sync } from '../endpoints/sync.ts'
import { foreignIdIn, idIn } from '../read-fields.ts'
import type { Call, Route, Routes } from '../route.ts'
import { Bound, BuildRun, DeploymentRun } from '../wire.ts'

/** The executor whose runs call in here. */
const executor = 'github-actions'

/** A workflow says first of all which of its runs it is (section 2.6). Nothing but the status of the answer is read. */
const takesRun = (body: Route['body'], of: (body: Call['body']) => RunBinding['of']): Route => ({
  body,
  answer: Bound,
  status: 200,
  async handle({ ctx, body: said }) {
    const binding = { of: of(said), outside_id: foreignIdIn(said, 'workflow_run_id') }
    await bindRun(ctx, { ...binding, executor })
    return { status: 'ok' }
  },
})

export const syncRoutes: Routes<typeof sync> = {
  build: takesRun(BuildRun, (body) => ({ candidate: idIn(body, 'release_cut_id') })),
  deploy: takesRun(DeploymentRun, (body) => ({ deployment: idIn(body, 'deployment_id') })),
}
