import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RemoteUrl } from './remote-url.ts'

const isKey = (secret: string) => secret.trimStart().startsWith('-----BEGIN ')

/** Why this secret does not open a repository that is spoken to so. */
export function credentialFault({ transport }: RemoteUrl, secret: string): string | undefined {
  const key = isKey(secret)
  if (transport === 'file' || transport === 'git') return `is of no use: a ${transport} URL asks for none`
  if (transport === 'ssh')
    return key ? undefined : 'must be a private key (PEM) for a repository that is reached by ssh'
  if (key) return `must be a token: a private key is of no use over ${transport}`
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001F\u007F]/.test(secret.trim())) return 'has characters that no token has'
  return undefined
}

export interface Presented {
  environment: Record<string, string>
  /** What must not be seen in anything that is said. */
  secrets: string[]
  /** Takes away what was laid down. */
  done(): Promise<void>
}

/**
 * What makes git present the secret, by its environment only: nothing of it stands in an argument.
 *
 * @param folder private to this call: a key lies there as long as it is used
 * @param knownHosts where hosts are kept that were met before; another key of theirs is refused
 */
export async function presentCredential(
  url: string,
  remote: RemoteUrl,
  secret: string | undefined,
  { folder, knownHosts }: { folder: string; knownHosts: string },
): Promise<Presented> {
  const done = async () => {}
  if (remote.transport === 'ssh') return presentKey(secret, folder, knownHosts)
  if (secret === undefined || !['http', 'https'].includes(remote.transport))
    return { environment: {}, secrets: [], done }
  const token = secret.trim()
  const colon = token.indexOf(':')
  const pair = colon > 0 ? token : `${remote.user ?? 'x-access-token'}:${token}`
  const packed = Buffer.from(pair).toString('base64')
  const environment = {
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${packed}`,
    // Git would take the header along to wherever it is sent.
    GIT_CONFIG_KEY_1: 'http.followRedirects',
    GIT_CONFIG_VALUE_1: 'false',
  }
  return { environment, secrets: [token, ...(colon > 0 ? [token.slice(colon + 1)] : []), packed], done }
}

async function presentKey(
  secret: string | undefined,
  folder: string,
  knownHosts: string,
): Promise<Presented> {
  const options = [
    'ConnectTimeout=30',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=4',
    'BatchMode=yes',
    'StrictHostKeyChecking=accept-new',
    `UserKnownHostsFile=${knownHosts}`,
  ]
  const words = ['ssh', '-F', '/dev/null', ...options.flatMap((option) => ['-o', option])]
  if (secret !== undefined) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, 'key')
    await writeFile(file, `${secret.trim()}\n`, { mode: 0o600 })
    words.push('-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none', '-i', file)
  }
  return {
    environment: { GIT_SSH_COMMAND: words.map(quoted).join(' '), GIT_SSH_VARIANT: 'ssh' },
    secrets: secret === undefined ? [] : [secret],
    done: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Git reads this variable as a shell would. */
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
