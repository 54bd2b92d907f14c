import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { runCodeDemo } from './demo/run-code-demo.ts'
import { runInfraDemo } from './demo/run-infra-demo.ts'
import { runDemo } from './demo/run-demo.ts'
import { stopped, type Opened } from './serve.ts'

/** `headgate demo`: a server on a fresh data folder, and one real release of each kind through it. */
export function demoCommand({ open }: { open: (env: Record<string, string>) => Promise<Opened> }): Command {
  return new Command('demo')
    .description('Start a server on a fresh data folder and send real releases through it')
    .option('--exit', 'end after the last step instead of serving on')
    .action(async ({ exit }: { exit?: boolean }) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'headgate-demo-'))
      // The demo must not touch what is installed here: its own folder, its own store, its own free port.
      const house = await open({
        HEADGATE_DATA_DIR: dataDir,
        HEADGATE_PORT: '0',
        HEADGATE_HOST: '127.0.0.1',
        HEADGATE_URL: '',
        HEADGATE_CONFIG: '',
        HEADGATE_ROLE: 'all',
        HEADGATE_LOG_LEVEL: 'error',
        DATABASE_URL: '',
      })
      try {
        const { url, credentials } = house
        if (!url || !credentials) throw new Error('the demo needs a server of its own')
        console.log(`Headgate listens on ${url}, with its data in ${dataDir}\n`)
        const { token } = credentials
        const say = (line: string) => console.log(line)
        await runDemo({ url, admin: credentials, token }, say)
        const folder = join(dataDir, 'demo')
        await mkdir(folder)
        say('')
        await runCodeDemo({ url, token, folder }, say)
        say('')
        await runInfraDemo({ url, admin: credentials, token, folder: join(folder, 'platform') }, say)
        if (!exit) {
          console.log(
            `\nSign in as ${credentials.email} with ${credentials.password}, or with the bearer ${credentials.token}`,
          )
          console.log(`What can be asked of it, with requests to try: ${url}/docs`)
          console.log('It serves on until you press Ctrl-C; then its data goes.')
          await stopped()
        }
      } finally {
        await house.close()
        await rm(dataDir, { recursive: true, force: true })
      }
    })
}
