import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeRepository } from '../code-repository.ts'
import { startServer, token, type ServerProcess } from '../server-process.ts'
import type { FreshPlace } from '../fresh-store.ts'

/**
 * Both programs write down that they ran, and for what. Those of a release called `hang…` hang the first time, with a
 * child beside them, and say who they are.
 */
const programOf = (folder: string, what: string, subject: string) => `#!/bin/sh
echo "$AVIATOR_RELEASE_CANDIDATE_VERSION $HEADGATE_ENVIRONMENT" >> "${folder}/${what}s"
case "$HEADGATE_ENVIRONMENT $HEADGATE_RELEASE" in auto*) exit 0;; *" hang-${what}"*) ;; *) exit 0;; esac
[ ! -f "${folder}/$HEADGATE_CANDIDATE.pids" ] || exit 0
trap '' INT TERM
setsid sh -c 'trap "" INT TERM; sleep 600' &
echo "$$ $! ${subject}" > "${folder}/$HEADGATE_CANDIDATE.new"
mv "${folder}/$HEADGATE_CANDIDATE.new" "${folder}/$HEADGATE_CANDIDATE.pids"
wait
sleep 600
`

/** A project of code in headgate.yaml over a real repository, an environment for each round, and one for all that is ready. */
export async function codeBench(folder: string, rounds: number) {
  const repository = codeRepository()
  repository.commit('feat: begin', { 'README.md': 'A shop.\n' })
  await mkdir(folder, { recursive: true })
  for (const [what, subject] of [
    ['build', '$HEADGATE_RUN_ID'],
    ['deploy', '$HEADGATE_DEPLOYMENT_ID'],
  ] as const) {
    await writeFile(join(folder, `${what}.sh`), programOf(folder, what, subject))
    await chmod(join(folder, `${what}.sh`), 0o755)
  }
  const by = (what: string) =>
    `{ executor: command, command: ["${folder}/${what}.sh"], timeout_seconds: 600 }`
  const environments = Array.from({ length: rounds }, (_, n) => `{ name: e${n}, deploy: ${by('deploy')} }`)
  const file = join(folder, 'headgate.yaml')
  await writeFile(
    file,
    `
users: [{ email: ada@example.com, name: Ada, role: admin, password: recovery-password }]
tokens: [{ name: ci, user: ada@example.com, secret: ${token}, scopes: ['*'] }]
projects:
  - key: shop
    kind: code
    code:
      repository: { name: acme/shop, url: ${repository.url} }
      build: ${by('build')}
      cut: { deploy_to: auto }
    environments: [{ name: auto, deploy: ${by('deploy')} }, ${environments.join(', ')}]
`,
  )
  return {
    repository,
    start: (place: FreshPlace): Promise<ServerProcess> => startServer(place, [], { HEADGATE_CONFIG: file }),
    /** What ran so far: version, and environment where there is one. */
    async ran(what: 'build' | 'deploy'): Promise<string[]> {
      const text = await readFile(join(folder, `${what}s`), 'utf8').catch(() => '')
      return text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '')
    },
    /** Who runs for it, and for which deployment or run, once it hangs. */
    async hanging(version: string): Promise<{ pids: number[]; id: string } | undefined> {
      const text = await readFile(join(folder, `${version}.pids`), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      const [command, child, id = ''] = text.trim().split(' ')
      return { pids: [Number(command), Number(child)], id }
    },
  }
}

const root = '/api/releases/shop'

/** As release clients cut: 201, also for what is there already. Throws where it is refused or nobody answers. */
export async function cut(
  { url }: Pick<ServerProcess, 'url'>,
  version: string,
  { commit, build }: { commit: string; build: boolean },
): Promise<void> {
  await post(`${url}${root}/releases/${version}`, {
    repo: 'acme/shop',
    commit,
    trigger_build_workflow: build,
  })
}

export async function deploy(
  { url }: Pick<ServerProcess, 'url'>,
  version: string,
  environment: string,
): Promise<void> {
  await post(`${url}${root}/environments/${environment}/deployments`, { release_candidate_version: version })
}

/** What is not over yet: builds, and deployments as release clients see them. */
export async function countOpen({ url }: Pick<ServerProcess, 'url'>, environments: number): Promise<number> {
  const get = async <T>(path: string) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
    return (await response.json()) as T
  }
  const { items } = await get<{ items: unknown[] }>('/headgate/v1/projects/shop/candidates?state=building')
  const names = ['auto', ...Array.from({ length: environments }, (_, n) => `e${n}`)]
  const lists = names.map((name) =>
    get<{ status: string }[]>(`${root}/environments/${name}/deployments?per_page=100`),
  )
  const open = (await Promise.all(lists)).flat().filter(({ status }) => /pending|in_progress/.test(status))
  return items.length + open.length
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (response.status !== 201) throw new Error(`${response.status} ${url}: ${text}`)
}
