import { setTimeout as sleep } from 'node:timers/promises'
import { articles } from './articles.ts'
import { add, edit, makeRelease, makeSite, type Pin, type Site } from './content.ts'
import { arrived, deployApproved, guardProduction, liftFreeze, printWhy, type Governed } from './govern.ts'
import { printConflicts, printPlan } from './look-ahead.ts'
import { printLive } from './print-live.ts'
import { speaker, type Speak } from './speak.ts'

export interface DemoHouse {
  url: string
  admin: { email: string; password: string }
  /** A bearer of the native API. */
  token: string
}

interface Deployment {
  id: string
  state: string
  failure_detail: string | null
}

/** Sends one real release of content through a running Headgate, by its wire languages only, and says what it does. */
export async function runDemo({ url, admin, token }: DemoHouse, say: (line: string) => void): Promise<void> {
  const native = speaker(`${url}/headgate/v1`, { authorization: `Bearer ${token}` })

  say('content: a project with a dozen entries in two locales, an asset and two environments')
  const site = await makeSite(url, admin)
  const { items: projects } = await native<{ items: { key: string; name: string }[] }>('GET', '/projects')
  const { key } = projects.find(({ name }) => name === 'Bakery')!
  const project = `/projects/${key}`

  say('content: release "Opening" pins all of it at version 1')
  const opening = await makeRelease(site, 'Opening', firstPins(site))
  await deployByVendor(site, native, project, opening, 'staging', say)
  await deployNatively(native, project, 'Opening', 'production', say)

  say('content: two articles are edited and one is added; nobody reads that yet')
  const [hours, menu] = [site.entries[0]!, site.entries[2]!]
  const spring = await makeRelease(site, 'Spring', [
    await edit(site, hours, articles[0][0], 'Open until eight from April.'),
    await edit(site, menu, 'Spring menu', 'Rhubarb is back.'),
    await add(site, 'Easter bread', 'Order by Thursday.'),
  ])
  await deployByVendor(site, native, project, spring, 'staging', say)

  const governed = { url, native, project, say }
  await deployLater(governed, site)
  const { grace } = await guardProduction(governed)
  const release = await releaseNamed(native, project, 'Spring')
  await printWhy(governed, release)
  await ended(native, await deployApproved(governed, grace, release), say, 'to production, as approved')
  await liftFreeze(governed, grace)

  say('content: production is rolled back: what "Spring" added is unpublished, what it changed is restored')
  const { deployment } = await native<{ deployment: Deployment }>(
    'POST',
    `${project}/environments/production/rollback`,
    {
      reason: 'The menu was not ready.',
    },
  )
  await ended(native, deployment.id, say)
  say('hold: the rollback keeps "Spring" from coming back by itself')
  await printWhy(governed, release)
  await printLive({ url, project: key, native, site }, say)
}

/** Two people prepare releases that touch the same articles; one of them is deployed at a time, not at once. */
async function deployLater(governed: Governed, site: Site): Promise<void> {
  const { native, project, say } = governed
  const [hours, menu] = [site.entries[0]!, site.entries[2]!]
  say(
    'content: two more releases are prepared: "Bank holiday" edits the opening hours, "Reprint" pins older texts',
  )
  const holiday = await makeRelease(site, 'Bank holiday', [
    await edit(site, hours, articles[0][0], 'Closed on Easter Monday.'),
  ])
  await makeRelease(site, 'Reprint', [
    { uid: hours.uid, locale: 'en-us', version: 2 },
    { uid: menu.uid, locale: 'en-us', version: 1 },
  ])
  const reprint = await releaseNamed(native, project, 'Reprint')
  await printConflicts(governed, reprint)
  await printPlan(governed, reprint, 'staging', (id) => arrived(native, id, 'planned'))

  const at = new Date(Date.now() + 3000).toISOString()
  say(`schedule: "Bank holiday" goes to staging at ${at}, by the Contentstack API`)
  await deployByVendor(site, native, project, holiday, 'staging', say, { scheduledAt: at })
}

function firstPins({ entries, asset }: Site): Pin[] {
  const everywhere = entries.flatMap(({ uid }) =>
    ['en-us', 'fr-fr'].map((locale) => ({ uid, locale, version: 1 })),
  )
  return [...everywhere, { uid: asset, locale: 'en-us', version: 1, content_type_uid: 'built_io_upload' }]
}

/** As the vendor's clients do it: ask, then look for the end. */
async function deployByVendor(
  { cma }: Site,
  native: Speak,
  project: string,
  uid: string,
  environment: string,
  say: (line: string) => void,
  when: { scheduledAt?: string } = {},
): Promise<void> {
  await cma('POST', `/releases/${uid}/deploy`, {
    release: { environments: [environment], action: 'publish', ...when },
  })
  const { items } = await native<{ items: Deployment[] }>(
    'GET',
    `${project}/environments/${environment}/deployments?limit=1`,
  )
  await ended(native, items[0]!.id, say, `to ${environment} by the Contentstack API`)
}

async function deployNatively(
  native: Speak,
  project: string,
  name: string,
  environment: string,
  say: (line: string) => void,
): Promise<void> {
  const release = await releaseNamed(native, project, name)
  const deployment = await native<Deployment>('POST', `${project}/environments/${environment}/deployments`, {
    release,
  })
  await ended(native, deployment.id, say, `to ${environment} by the native API`)
}

async function releaseNamed(native: Speak, project: string, name: string): Promise<string> {
  const path = `${project}/releases?limit=20`
  const { items } = await native<{ items: { id: string; name: string }[] }>('GET', path)
  return items.find((one) => one.name === name)!.id
}

async function ended(native: Speak, id: string, say: (line: string) => void, where = 'back'): Promise<void> {
  const began = performance.now()
  for (;;) {
    const { state, failure_detail, counts } = await native<Deployment & { counts: Record<string, number> }>(
      'GET',
      `/deployments/${id}`,
    )
    if (['succeeded', 'unchanged'].includes(state))
      return say(
        `content: ${where}: ${state}, ${counts.done ?? 0} items in ${Math.round(performance.now() - began)} ms`,
      )
    if (!['requested', 'queued', 'planning', 'applying'].includes(state))
      throw new Error(`deployment ${id} ended ${state}: ${failure_detail ?? ''}`)
    await sleep(10)
  }
}
