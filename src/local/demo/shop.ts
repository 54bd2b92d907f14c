import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the demo's environments deploy with: it takes the files of the candidate's commit out of the repository and puts
 * them where that environment's shop serves them from.
 */
const program = `
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
const [repository, site] = process.argv.slice(2)
const { HEADGATE_ENVIRONMENT: environment, AVIATOR_RELEASE_CANDIDATE_VERSION: version } = process.env
const commit = process.env.AVIATOR_RELEASE_CUT_COMMIT_HASH
const show = (file) => execFileSync('git', ['--git-dir', repository, 'show', commit + ':' + file], { encoding: 'utf8' })
mkdirSync(site + '/' + environment, { recursive: true })
console.log('taking ' + commit.slice(0, 7) + ' out of the repository')
writeFileSync(site + '/' + environment + '/prices.txt', show('prices.txt'))
writeFileSync(site + '/' + environment + '/version.txt', version)
console.log(environment + ' serves ' + version)
`

export interface Shop {
  yaml: string
  /** What the shop of an environment serves: its version, and the first line of its prices. */
  served(environment: string): Promise<string>
}

/** The project as headgate.yaml declares it, and a place for what it deploys. */
export async function makeShop(folder: string, repository: string): Promise<Shop> {
  const site = join(folder, 'site')
  const deployer = join(folder, 'deploy.mjs')
  await mkdir(site, { recursive: true })
  await writeFile(deployer, program)
  const deploy = {
    executor: 'command',
    command: [process.execPath, deployer, repository, site],
    timeout_seconds: 60,
  }
  const project = {
    key: 'shop',
    kind: 'code',
    code: { repository: { name: 'acme/shop', url: repository }, versions: 'semver', push: true },
    environments: [
      { name: 'staging', deploy },
      { name: 'production', parent: 'staging', deploy },
    ],
  }
  return {
    yaml: JSON.stringify({ projects: [project] }),
    async served(environment) {
      const read = (file: string) => readFile(join(site, environment, file), 'utf8')
      const [version, prices] = [await read('version.txt'), await read('prices.txt')]
      return `${version}: ${prices.trim().replaceAll('\n', ', ')}`
    },
  }
}
