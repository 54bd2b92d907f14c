import { speaker, type Speak } from './speak.ts'

interface Shut {
  code: string
  detail: string
  who: string
  opens_at: string | null
}

interface Waiting {
  id: string
  state: string
  failure_detail: string | null
}

export interface Governed {
  url: string
  native: Speak
  /** `/projects/<key>` */
  project: string
  say(line: string): void
}

const password = 'demo-password-of-grace'

/** Puts guards before production: one approval, and an emergency stop for the next two hours. */
export async function guardProduction({ url, native, project, say }: Governed): Promise<{ grace: Speak }> {
  const production = `${project}/environments/production`
  await native('PATCH', production, { approvals: { count: 1 } })
  const key = project.split('/').at(-1)
  const grants = [{ project: key, role: 'approver' }]
  await native('POST', '/users', { email: 'grace@example.com', name: 'Grace', password, grants })
  const expires_at = new Date(Date.now() + 2 * 3_600_000).toISOString()
  await native('POST', `${production}/freeze`, {
    kind: 'emergency',
    reason: 'The shop is being moved.',
    expires_at,
  })
  say('gates: production wants one approval from now on, and is frozen: "The shop is being moved."')
  const basic = Buffer.from(`grace@example.com:${password}`).toString('base64')
  return { grace: speaker(`${url}/headgate/v1`, { authorization: `Basic ${basic}` }) }
}

/** Prints what is shut for a release, why, who can open it and when it opens by itself. */
export async function printWhy({ native, project, say }: Governed, release: string): Promise<void> {
  const { blockers } = await native<{ blockers: Shut[] }>(
    'GET',
    `${project}/environments/production/why?release=${release}`,
  )
  for (const { code, detail, who, opens_at } of blockers)
    say(`why:     ${code}: ${detail} Who: ${who}.${opens_at ? ` Opens by itself at ${opens_at}.` : ''}`)
}

/**
 * Deploys a release to production past the freeze, by an override with a reason; its author cannot approve the plan,
 * Grace can, and exactly that plan is what runs. Returns the deployment.
 */
export async function deployApproved(governed: Governed, grace: Speak, release: string): Promise<string> {
  const { native, project, say } = governed
  const reason = 'The opening hours on the site are wrong.'
  const path = `${project}/environments/production/deployments`
  const { id } = await native<Waiting>('POST', path, { release, override: { gates: ['freeze'], reason } })
  say(`override: the freeze is set aside for this deployment alone: "${reason}"`)
  await arrived(native, id, 'awaiting_approval')
  const { digest, changes } = await native<{ digest: string; changes: unknown[] }>(
    'GET',
    `/deployments/${id}/plan`,
  )
  say(`approval: it waits with a plan of ${changes.length} changes, ${digest.slice(0, 19)}…`)
  const refused = await native('POST', `/deployments/${id}/approve`, { plan_digest: digest }).then(
    () => 'nothing',
    (error: Error) =>
      (JSON.parse(error.message.slice(error.message.indexOf('{'))) as { detail: string }).detail,
  )
  say(`approval: its author is told: ${refused}`)
  await grace('POST', `/deployments/${id}/approve`, { plan_digest: digest, reason: 'Read and compared.' })
  say('approval: Grace approves that plan, and it runs')
  return id
}

/** Lifts what was put up, so that the rest of the demo, and whoever plays on, is free again. */
export async function liftFreeze({ native, project, say }: Governed, by: Speak): Promise<void> {
  const path = `${project}/environments/production/freeze`
  const { items } = await native<{ items: { id: string }[] }>('GET', path)
  for (const { id } of items) await by('DELETE', `${path}/${id}`, { reason: 'The shop has moved.' })
  await native('PATCH', `${project}/environments/production`, { approvals: { count: 0 } })
  say('gates: Grace lifts the freeze; production wants no approval any more')
}

/** Waits until a deployment is in a state. Throws where it ends in another. */
export async function arrived(native: Speak, id: string, wanted: string): Promise<void> {
  for (let look = 0; look < 1000; look += 1) {
    const { state, failure_detail } = await native<Waiting>('GET', `/deployments/${id}`)
    if (state === wanted) return
    if (['failed', 'expired', 'canceled', 'rejected', 'succeeded'].includes(state))
      throw new Error(`deployment ${id} is ${state}, not ${wanted}: ${failure_detail ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`deployment ${id} did not become ${wanted}`)
}
