import { setTimeout as sleep } from 'node:timers/promises'
import { hasGit, makeRepository, type DemoRepository } from './code-repository.ts'
import { makeShop, type Shop } from './shop.ts'
import { speaker, type Speak } from './speak.ts'

export interface CodeDemo {
  url: string
  token: string
  /** Its repository and what it deploys go here. */
  folder: string
}

interface Desk {
  /** Aviator's API. */
  desk: Speak
  native: Speak
  shop: Shop
  repository: DemoRepository
  say(line: string): void
}

interface Candidate {
  id: string
  release_id: string
  version: string
  state: string
  commit: string | null
}

/** Cuts, deploys, picks and puts back real commits of a real repository, and says what it does. */
export async function runCodeDemo(
  { url, token, folder }: CodeDemo,
  say: (line: string) => void,
): Promise<void> {
  if (!(await hasGit())) return say('CODE IS SKIPPED: there is no git on PATH')
  const headers = { authorization: `Bearer ${token}` }
  const native = speaker(`${url}/headgate/v1`, headers)
  const desk = speaker(`${url}/api/releases/shop`, headers)
  const repository = await makeRepository(folder)
  const shop = await makeShop(folder, repository.url)
  await native('POST', '/configuration', { yaml: shop.yaml })
  const all = { desk, native, shop, repository, say }

  await shipFirst(all)
  const fix = await goOn(all)
  await pickFix(all, fix)
  await putBack(all)
  await printChangelog(all, url, token)
  await printPlaces(all, fix)
}

async function shipFirst({ desk, shop, repository, say }: Desk): Promise<void> {
  await repository.commit('feat: Sell bread (#1)', { 'prices.txt': 'bread 3\n' })
  const commit = await repository.commit('feat: Sell cake (#2)', { 'prices.txt': 'bread 3\ncake 40\n' })
  say('code:    a repository with two pull requests merged, and a project with staging and production')
  await desk('POST', '/releases/1.0.0-rc1', { repo: 'acme/shop', commit })
  say(`code:    1.0.0-rc1 is cut at ${commit.slice(0, 7)}, by the Aviator API`)
  for (const environment of ['staging', 'production']) {
    await desk('POST', `/environments/${environment}/deployments`, { release_candidate_version: '1.0.0-rc1' })
    await deployed({ desk, say }, environment)
    say(`code:    ${environment} serves ${await shop.served(environment)}`)
  }
}

/** The main branch goes on: a feature that is not to ship yet, and a fix that has to. */
async function goOn({ repository, say }: Desk): Promise<string> {
  await repository.commit('feat: Sell tea (#3)', { 'menu.txt': 'tea\n' })
  const fix = await repository.commit('fix: A cake costs 4, not 40 (#4)', {
    'prices.txt': 'bread 3\ncake 4\n',
  })
  say('code:    main goes on with a feature (#3) and a fix (#4); only the fix is to reach production today')
  return fix
}

async function pickFix({ desk, native, shop, say }: Desk, commit: string): Promise<void> {
  await native('POST', '/projects/shop/pick', {
    commit,
    base: '1.0.0-rc1',
    reason: 'Cakes cost ten times too much.',
  })
  const candidate = await ready(native, '1.0.0-rc2')
  say(
    `code:    #4 is picked: ${candidate.version} is ${candidate.commit?.slice(0, 7)}, 1.0.0-rc1 and the fix alone`,
  )
  await desk('POST', '/environments/production/deployments', { release_candidate_version: '1.0.0-rc2' })
  await deployed({ desk, say }, 'production')
  say(`code:    production serves ${await shop.served('production')}`)
}

async function putBack({ desk, native, shop, say }: Desk): Promise<void> {
  say('code:    production is rolled back by the Aviator API')
  await desk('POST', '/environments/production/rollback')
  await deployed({ desk, say }, 'production')
  say(`code:    production serves ${await shop.served('production')}`)
  const { release_id } = await ready(native, '1.0.0-rc2')
  const { blockers } = await native<{ blockers: { code: string; detail: string }[] }>(
    'GET',
    `/projects/shop/environments/production/why?release=${release_id}`,
  )
  for (const { code, detail } of blockers) say(`why:     ${code}: ${detail}`)
}

async function printChangelog({ native, say }: Desk, url: string, token: string): Promise<void> {
  const candidate = await ready(native, '1.0.0-rc2')
  const path = `/headgate/v1/candidates/${candidate.id}/changelog?environment=production`
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/markdown' },
  })
  if (!answer.ok) throw new Error(`GET ${path} answered ${answer.status}: ${await answer.text()}`)
  say('code:    what 1.0.0-rc2 would bring to production now:')
  for (const line of (await answer.text()).split('\n').filter(Boolean)) say(`         ${line}`)
}

/** Where is my commit? */
async function printPlaces({ native, say }: Desk, commit: string): Promise<void> {
  const { candidates, environments } = await native<{
    candidates: { version: string; how: string }[]
    environments: { name: string; contains: boolean; version: string | null }[]
  }>('GET', `/projects/shop/contains?commit=${commit}`)
  const within = candidates.map(({ version, how }) => `${version} (by ${how})`).join(', ')
  const places = environments.map(
    ({ name, contains, version }) => `${contains ? 'in' : 'not in'} ${name} at ${version}`,
  )
  say(`code:    where is #4? In ${within}; ${places.join(', ')}`)
}

async function ready(native: Speak, version: string): Promise<Candidate> {
  for (let look = 0; look < 3000; look += 1) {
    const { items } = await native<{ items: Candidate[] }>('GET', '/projects/shop/candidates?limit=20')
    const found = items.find((one) => one.version === version)
    if (found?.state === 'ready') return found
    if (found && found.state !== 'picking' && found.state !== 'building')
      throw new Error(`candidate ${version} is ${found.state}`)
    await sleep(10)
  }
  throw new Error(`candidate ${version} did not become ready`)
}

interface Reported {
  release_candidate_version: string
  status: string
  error_message: string | null
}

/** As the vendor's clients do it: look at the newest deployment until it is over. */
async function deployed({ desk, say }: Pick<Desk, 'desk' | 'say'>, environment: string): Promise<void> {
  const began = performance.now()
  for (;;) {
    const [newest] = await desk<Reported[]>('GET', `/environments/${environment}/deployments?per_page=1`)
    const { release_candidate_version: version, status, error_message } = newest!
    if (status === 'success')
      return say(
        `code:    ${version} to ${environment}: ${status} in ${Math.round(performance.now() - began)} ms`,
      )
    if (status !== 'pending' && status !== 'in_progress')
      throw new Error(`${version} to ${environment} ended ${status}: ${error_message ?? ''}`)
    await sleep(10)
  }
}
