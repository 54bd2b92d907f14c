import { Command } from 'commander'

/** What a command that opens the house is handed by main.ts. */
export interface Opened {
  url: string | undefined
  credentials: { email: string; password: string; token: string } | undefined
  /** Takes up a renewed certificate. */
  reload(): Promise<void>
  close(): Promise<void>
}

const mostStoppingMs = 45_000

/** `headgate serve`: until a signal says stop. */
export function serveCommand({ open }: { open: () => Promise<Opened> }): Command {
  return new Command('serve')
    .description('Start the server, with the settings of the environment')
    .action(async () => {
      const house = await open()
      if (house.credentials) showCredentials(house.credentials)
      console.log(
        house.url ? `Headgate listens on ${house.url}` : 'Headgate works; this process takes no requests',
      )
      const reload = () => {
        house.reload().then(
          () => console.log('The certificate was read anew'),
          (error: Error) => console.error(`The old certificate stays: ${error.message}`),
        )
      }
      process.on('SIGHUP', reload)
      await stopped()
      // A hang on the way out must not be for ever. What is in hand then is taken up by another process, or at the
      // next start.
      setTimeout(() => process.exit(1), mostStoppingMs).unref()
      await house.close()
      process.off('SIGHUP', reload)
    })
}

function showCredentials({ email, password, token }: NonNullable<Opened['credentials']>): void {
  console.log('This is the first start: an administrator was made. Shown once, write it down:')
  console.log(`  e-mail    ${email}`)
  console.log(`  password  ${password}`)
  console.log(`  token     ${token}`)
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, as the system does by default. */
export function stopped(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
