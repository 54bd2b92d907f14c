import { redactor } from '../redact.ts'
import { presentCredential } from './credential.ts'
import { requireRemoteUrl, type Transport } from './remote-url.ts'
import { lastLines, runGit, type GitEnd, type GitOptions } from './run-git.ts'

/** A repository somewhere. */
export interface Remote {
  /** Names its mirror: letters, digits and dashes. */
  id: string
  url: string
  /** A token, or a private key in PEM. */
  secret?: string | undefined
}

/** The repository did not do what was asked, or could not be reached. Its message holds no secret. */
export class RemoteError extends Error {
  /** All that git said. */
  readonly said: string

  constructor(message: string, said: string) {
    super(message)
    this.name = 'RemoteError'
    this.said = said
  }
}

/** Who is sent on from one of these may end at the other. */
const allowed: Readonly<Record<Transport, string>> = {
  https: 'https',
  http: 'http:https',
  ssh: 'ssh',
  git: 'git',
  file: 'file',
}

export interface TalkPlaces {
  /** Private to whoever talks to this remote now. */
  keys: string
  knownHosts: string
  /** Git's own settings, for what it starts on this machine. */
  config: string
}

/**
 * Runs a command of git that speaks to the remote: the URL is `remote.url` and has to stand behind
 * `--end-of-options`.
 *
 * @throws ForbiddenRemoteError, RemoteError where it did not go well
 */
export async function talkToRemote(
  remote: Remote,
  args: readonly string[],
  places: TalkPlaces,
  options: GitOptions = {},
): Promise<GitEnd> {
  const read = requireRemoteUrl(remote.url)
  const presented = await presentCredential(remote.url, read, remote.secret, {
    folder: places.keys,
    knownHosts: places.knownHosts,
  })
  const redact = redactor(presented.secrets)
  try {
    const environment = {
      ...wayOut(),
      ...options.environment,
      ...presented.environment,
      GIT_ALLOW_PROTOCOL: allowed[read.transport],
      GIT_CONFIG_GLOBAL: places.config,
    }
    const end = await runGit(args, {
      timeout_seconds: 3600,
      mostMemoryBytes: Infinity,
      ...options,
      environment,
      guarded: true,
    })
    const said = Object.assign(end, { stderr: redact(end.stderr) })
    if (end.code !== 0) throw new RemoteError(failureOf(said), said.stderr)
    return said
  } catch (error) {
    if (error instanceof Error) error.message = redact(error.message)
    throw error
  } finally {
    await presented.done()
  }
}

function failureOf({ code, stderr }: GitEnd): string {
  if (/could not read Username|Authentication failed|Permission denied|returned error: 40[13]/i.test(stderr))
    return `the repository refused the credential: ${lastLines(stderr)}`
  if (/returned error: 30[0-9]/.test(stderr))
    return `the repository has moved, and a credential is shown only where it is for: ${lastLines(stderr)}`
  return lastLines(stderr) || `git ended with code ${code}`
}

/** How this machine reaches others, where it is not by itself. */
const ways = [
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
]

function wayOut(): Record<string, string> {
  // Whoever sends nothing for so long has gone away; who is busy says so every few seconds.
  const patience = { GIT_HTTP_LOW_SPEED_LIMIT: '1', GIT_HTTP_LOW_SPEED_TIME: '300' }
  const set = ways.flatMap((name) => {
    const value = process.env[name] ?? process.env[name.toUpperCase()]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...patience, ...Object.fromEntries(set) }
}
