import { setTimeout as sleep } from 'node:timers/promises'
import { findTerraform, hasProvider, makePlatform, type Platform } from './platform.ts'
import { speaker, type Speak } from './speak.ts'

export interface InfraDemo {
  url: string
  admin: { email: string }
  token: string
  /** Its blueprint, and what is made of it, go here. */
  folder: string
}

interface Desk {
  /** Facets' API, below the environment's deployments. */
  facets: Speak
  native: Speak
  platform: Platform
  say(line: string): void
}

/** Releases a small blueprint by a real Terraform, tampers with what it made, and puts that right; says what it does. */
export async function runInfraDemo(
  { url, admin, token, folder }: InfraDemo,
  say: (line: string) => void,
): Promise<void> {
  if (!(await findTerraform()))
    return say('INFRASTRUCTURE IS SKIPPED: there is neither terraform nor tofu on PATH')
  if (!hasProvider())
    return say('INFRASTRUCTURE IS SKIPPED: the example provider is not in this package; clone the repository')
  const platform = await makePlatform(folder)
  try {
    const native = speaker(`${url}/headgate/v1`, { authorization: `Bearer ${token}` })
    await native('POST', '/configuration', { yaml: platform.yaml })
    const basic = `Basic ${Buffer.from(`${admin.email}:${token}`).toString('base64')}`
    const facets = speaker(`${url}/cc-ui/v1/clusters/${platform.cluster}/deployments`, {
      authorization: basic,
    })
    const all = { facets, native, platform, say }
    await releaseFirst(all)
    await drift(all)
    await removeOne(all)
  } finally {
    await platform.close()
  }
}

async function releaseFirst(all: Desk): Promise<void> {
  const { platform, say } = all
  await platform.write('config', 'greeting', { content: 'Good morning' })
  await platform.write('service', 'web', {
    env: { GREETING: '${config.greeting.out.attributes.content}' },
  })
  say(
    'infra:   a blueprint of two resources with their modules, and a provider whose resources are real files',
  )
  await released(all, 'PUT', '/release', 'first release, by the Facets API')
  say(`infra:   prod/web.service holds ${await platform.read('prod/web.service')}`)
  await released(all, 'PUT', '/release', 'the same again')
}

async function drift(all: Desk): Promise<void> {
  const { native, platform, say } = all
  await platform.tamper('prod/greeting.config', 'Good grief')
  say('drift:   somebody edits prod/greeting.config by hand')
  await printDrift(native, say)
  await released(all, 'PUT', '/release?withRefresh=false', 'without a refresh nobody notices')
  say(`infra:   prod/greeting.config says "${await platform.read('prod/greeting.config')}"`)
  await released(all, 'PUT', '/release?withRefresh=true', 'with a refresh it is put right')
  say(`infra:   prod/greeting.config says "${await platform.read('prod/greeting.config')}"`)
}

/** Only what was said to be destroyed is destroyed. */
async function removeOne(all: Desk): Promise<void> {
  const { platform, say } = all
  await platform.erase('service', 'web')
  say('infra:   service/web is taken out of the blueprint')
  await released(all, 'PUT', '/release', 'nobody allowed that')
  await released(all, 'PUT', '/release?allowDestroy=true', 'with allowDestroy')
}

interface Released {
  id: string
  status: string
  changesApplied: { resourcePath: string; type: string }[]
  errorLogs: { errorMessage: string }[]
}

/** As the vendor's clients do it: ask, then look until it is over. FAULT is the vendor's word for no difference. */
async function released({ facets, say }: Desk, method: string, path: string, why: string): Promise<void> {
  const began = performance.now()
  let log = await facets<Released>(method, path)
  while (['IN_PROGRESS', 'STARTED', 'QUEUED'].includes(log.status)) {
    await sleep(20)
    log = await facets<Released>('GET', `/${log.id}`)
  }
  const changes = log.changesApplied.map(({ resourcePath, type }) => `${type} of ${resourcePath}`).join(', ')
  const faults = log.errorLogs.map(({ errorMessage }) => errorMessage).join(' ')
  const said = { SUCCEEDED: changes, FAULT: 'no difference' }[log.status] ?? faults
  say(`infra:   ${why}: ${log.status} in ${Math.round(performance.now() - began)} ms, ${said}`)
}

interface Drift {
  status: string
  items: {
    item: string
    attributes: { attribute: string; before: unknown; after: unknown }[]
  }[]
}

async function printDrift(native: Speak, say: (line: string) => void): Promise<void> {
  const path = '/projects/platform/environments/prod/drift'
  const { id } = await native<{ id: string }>('POST', path, {})
  for (;;) {
    const { state } = await native<{ state: string }>('GET', `/runs/${id}`)
    if (!['queued', 'running'].includes(state)) break
    await sleep(20)
  }
  const { status, items } = await native<Drift>('GET', path)
  const said = items.flatMap(({ item, attributes }) =>
    attributes
      .filter(({ attribute }) => attribute === 'content')
      .map(({ before, after }) => `content of ${item} was "${String(before)}" and is "${String(after)}"`),
  )
  say(`drift:   a check finds prod ${status}: ${said.join('; ')}`)
}
