/** `node bench/infra.ts`: releases of infrastructure beside the same Terraform run by hand, alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FreshPlace } from '../test/fresh-store.ts'
import { startServer, token } from '../test/server-process.ts'
import { makeBlueprint, makeByHand, timedTerraform } from './blueprint.ts'
import { median, type Figure } from './figure.ts'
import { printAlone } from './print-alone.ts'

const ten = 10
const large = 500
const twenty = 20

export async function measureInfra(place: FreshPlace, { rounds = 9 } = {}): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-bench-'))
  try {
    const [small, big, crowd] = await Promise.all(
      ['small', 'big', 'crowd'].map((name) => makeBlueprint(join(folder, name))),
    )
    const timed = await timedTerraform(folder)
    const file = join(folder, 'headgate.yaml')
    const names = Array.from({ length: twenty }, (_, n) => `e${n}`)
    await writeFile(
      file,
      JSON.stringify({
        users: [{ email: 'ada@example.com', name: 'Ada', role: 'admin', password: 'recovery-password' }],
        tokens: [{ name: 'ci', user: 'ada@example.com', secret: token, scopes: ['*'] }],
        projects: [
          projectOf('small', small!, ['prod', 'raw']),
          projectOf('big', big!, ['prod'], timed.binary),
          projectOf('crowd', crowd!, names),
        ],
      }),
    )
    const settings = { HEADGATE_CONFIG: file, HEADGATE_RATE_LIMIT: '100000000' }
    const server = await startServer(place, undefined, settings)
    try {
      const desk = { url: server.url }
      const hand = await makeByHand(join(folder, 'raw'), small!.modules, stateOf(server.url, 'small', 'raw'))
      return [
        ...(await tenChanged(desk, small!, hand, rounds)),
        ...(await nothingChanged(desk, rounds)),
        ...(await manyResources(desk, big!, timed)),
        ...(await manyAtOnce(desk, crowd!, names)),
      ]
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Blueprint = Awaited<ReturnType<typeof makeBlueprint>>
type ByHand = Awaited<ReturnType<typeof makeByHand>>
interface Desk {
  url: string
}

const store = 'postgres'

async function tenChanged(desk: Desk, small: Blueprint, hand: ByHand, rounds: number): Promise<Figure[]> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = -2; round < rounds; round += 1) {
    await small.write(ten, `value ${round}`)
    await hand.write(ten, `value ${round}`)
    // By turns, so that what else goes on meets both.
    const mine = await timedOf(() => release(desk, 'small', 'prod', {}, 'succeeded'))
    const raw = await timedOf(() => hand.release())
    if (round < 0) continue
    ours.push(mine)
    theirs.push(raw)
  }
  const [mine, raw] = [median(ours), median(theirs)]
  return [
    {
      what: `Release with changes in ${ten} resources, POST to succeeded, median`,
      ...{ store, ours: mine, unit: 'ms' },
      reference: { what: '`init`, `plan`, `show`, `apply` by hand, the same state backend', value: raw },
      goal: { words: 'under 1.25 times', met: mine < 1.25 * raw },
    },
  ]
}

async function nothingChanged(desk: Desk, rounds: number): Promise<Figure[]> {
  const unrefreshed: number[] = []
  const planned: number[] = []
  for (let round = -2; round < 2 * rounds; round += 1) {
    const shortcut = await timedOf(() => release(desk, 'small', 'prod', { refresh: false }, 'unchanged'))
    const whole =
      round < rounds ? await timedOf(() => release(desk, 'small', 'prod', {}, 'unchanged')) : undefined
    if (round < 0) continue
    unrefreshed.push(shortcut)
    if (whole !== undefined) planned.push(whole)
  }
  const ours = median(unrefreshed)
  return [
    {
      what: 'Full release with nothing changed, not refreshed, POST to unchanged, median',
      ...{ store, ours, unit: 'ms' },
      reference: { what: 'the same refreshed, which runs Terraform', value: median(planned) },
      goal: { words: 'under 50 ms', met: ours < 50 },
    },
  ]
}

async function manyResources(
  desk: Desk,
  big: Blueprint,
  timed: Awaited<ReturnType<typeof timedTerraform>>,
): Promise<Figure[]> {
  await big.write(large, 'first')
  await release(desk, 'big', 'prod', {}, 'succeeded')
  const own: number[] = []
  let spent = 0
  for (const value of ['second', 'third', 'fourth']) {
    await big.write(large, value)
    await timed.spent()
    const all = await timedOf(() => release(desk, 'big', 'prod', {}, 'succeeded'))
    spent = await timed.spent()
    own.push(all - spent)
  }
  const ours = median(own)
  return [
    {
      what: `Release of ${large} changed resources: all but the processes of Terraform, median of three`,
      ...{ store, ours, unit: 'ms' },
      reference: { what: 'the processes of Terraform', value: spent },
      goal: { words: 'under 500 ms', met: ours < 500 },
    },
  ]
}

async function manyAtOnce(desk: Desk, crowd: Blueprint, names: readonly string[]): Promise<Figure[]> {
  await crowd.write(3, 'first')
  const idle = await answering(desk, () => sleep(2000))
  const busy = await answering(desk, async () => {
    await Promise.all(names.map((name) => release(desk, 'crowd', name, {}, 'succeeded')))
  })
  return [
    {
      what: `Read a project while ${names.length} environments are released at once, median`,
      ...{ store, ours: busy, unit: 'ms' },
      reference: { what: 'the same while nothing is released', value: idle },
      goal: { words: 'under 50 ms', met: busy < 50 },
    },
  ]
}

/** How long a read takes while something else goes on, in ms. */
async function answering(desk: Desk, work: () => Promise<void>): Promise<number> {
  const times: number[] = []
  const ending = new AbortController()
  const asking = (async () => {
    while (!ending.signal.aborted) {
      times.push(await timedOf(() => ask(desk, 'GET', 'projects/small')))
      await sleep(5)
    }
  })()
  await work().finally(() => ending.abort())
  await asking
  return median(times)
}

/** Asks for one and waits until it is over. */
async function release(
  desk: Desk,
  project: string,
  environment: string,
  terms: object,
  expected: string,
): Promise<void> {
  const path = `projects/${project}/environments/${environment}/deployments`
  const { id } = await ask<{ id: string }>(desk, 'POST', path, terms)
  for (;;) {
    const { state, failure_detail } = await ask<{ state: string; failure_detail: string | null }>(
      desk,
      'GET',
      `deployments/${id}`,
    )
    if (state === expected) return
    if (!['requested', 'queued', 'planning', 'applying'].includes(state))
      throw new Error(`a release of ${project} to ${environment} ended ${state}: ${failure_detail ?? ''}`)
    // As often as an impatient client: whoever asks all the time measures his own asking.
    await sleep(20)
  }
}

async function ask<T>({ url }: Desk, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${url}/headgate/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text) as T
}

async function timedOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const projectOf = (
  key: string,
  { blueprint, modules }: Blueprint,
  names: readonly string[],
  binary?: string,
) => ({
  key,
  kind: 'infra',
  infra: { blueprint: { path: blueprint }, modules: { path: modules } },
  environments: names.map((name) => ({
    name,
    ...(binary ? { deploy: { executor: 'terraform', binary } } : {}),
  })),
})

/** How Terraform finds its state here, by whoever's credentials. */
const stateOf = (url: string, project: string, environment: string) => {
  const address = `${url}/terraform-state/${project}/${environment}`
  return {
    ...{ TF_HTTP_ADDRESS: address, TF_HTTP_LOCK_ADDRESS: address, TF_HTTP_UNLOCK_ADDRESS: address },
    ...{ TF_HTTP_USERNAME: 'ada@example.com', TF_HTTP_PASSWORD: token },
  }
}

if (import.meta.main) await printAlone((place) => measureInfra(place))
