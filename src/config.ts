import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const roles = ['all', 'api', 'worker'] as const

/** How long something is kept; not set, for ever. */
function days(what: string, remark: string) {
  const description = `${what} older than this go, once a day; ${remark}. Not set: they are kept.`
  return Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500, description }))
}

/** Every setting: its type, its default and one sentence. docs/configuration.md is made from this. */
export const settings = Type.Object({
  HEADGATE_HOST: Type.String({ default: '127.0.0.1', description: 'The address to listen on.' }),
  HEADGATE_PORT: Type.Integer({
    default: 4400,
    minimum: 0,
    maximum: 65_535,
    description: 'The port to listen on; 0 takes any that is free.',
  }),
  HEADGATE_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s/]+(/[^\\s?#]*)?$',
      description: 'How others reach this server, for links and callbacks; by default its host and port.',
    }),
  ),
  HEADGATE_TLS_CERT: Type.Optional(
    Type.String({ description: 'A PEM file with the certificate chain; with it the server speaks https.' }),
  ),
  HEADGATE_TLS_KEY: Type.Optional(
    Type.String({ description: 'The PEM file with the private key of that certificate.' }),
  ),
  HEADGATE_TRUST_PROXY: Type.String({
    default: 'false',
    description:
      'Whose X-Forwarded headers to believe: `false`, `true` (everybody), or a comma list of addresses and networks.',
  }),
  HEADGATE_DATA_DIR: Type.String({
    default: './.headgate',
    description: 'The folder of the embedded store and of the blobs; processes with split roles share it.',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'PostgreSQL 14 or later; without it the store is embedded in the data folder.',
    }),
  ),
  HEADGATE_CONFIG: Type.Optional(
    Type.String({ description: 'A headgate.yaml that is applied at every start.' }),
  ),
  HEADGATE_ROLE: Type.Union(
    roles.map((role) => Type.Literal(role)),
    { default: 'all', description: 'What this process does: answer requests, run deployments, or both.' },
  ),
  HEADGATE_SECRET_KEY: Type.Optional(
    Type.String({
      description:
        '32 bytes in base64 that stored secrets are encrypted with; a comma list to rotate, the newest first. ' +
        'Without it, the embedded store makes one in the data folder, and PostgreSQL does not start.',
    }),
  ),
  HEADGATE_OUTGOING_ALLOW: Type.String({
    default: '',
    description:
      'Who may be called although their address is not a public one: a comma list of hosts (`*.internal` for all ' +
      'below one), addresses and networks.',
  }),
  HEADGATE_RATE_LIMIT: Type.Integer({
    default: 60_000,
    minimum: 1,
    maximum: 1_000_000_000,
    description:
      'How many requests a minute one credential, or one address without any, may send to Headgate’s own API; ' +
      'each process counts for itself.',
  }),
  HEADGATE_VENDOR_RATE_LIMIT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 1_000_000_000,
    description: 'The same for the API of each vendor; 0 is no limit.',
  }),
  HEADGATE_KEEP_EVENTS_DAYS: days('Events', 'the chain is then verified from an anchor on'),
  HEADGATE_KEEP_LOGS_DAYS: days('Logs of deployments and runs', 'counted from their end'),
  HEADGATE_KEEP_SESSIONS_DAYS: days('Sessions', 'counted from signing in'),
  HEADGATE_LOG_LEVEL: Type.Union(
    logLevels.map((level) => Type.Literal(level)),
    { default: 'info', description: 'The least important lines to log.' },
  ),
})

export interface Config {
  host: string
  port: number
  url: string
  /** Paths of PEM files. */
  tls: { cert: string; key: string } | null
  trustProxy: boolean | string
  dataDir: string
  databaseUrl: string | undefined
  configFile: string | undefined
  role: (typeof roles)[number]
  /** Base64, newest first; undefined when none was set. */
  secretKey: string | undefined
  /** Hosts, addresses and networks. */
  outgoingAllow: string[]
  /** Requests a minute; 0 is no limit. */
  rateLimit: { own: number; vendors: number }
  logLevel: (typeof logLevels)[number]
  /** In days; null: for ever. */
  keep: { events: number | null; logs: number | null; sessions: number | null }
}

/** A setting that cannot be; the message is for whoever set it. */
export class SettingError extends Error {}

/** Reads the settings from environment variables; an empty one counts as not set. Throws SettingError. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = checkSettings(env)
  const { HEADGATE_TLS_CERT: cert, HEADGATE_TLS_KEY: key, HEADGATE_TRUST_PROXY: trust } = set
  if ((cert === undefined) !== (key === undefined))
    throw new SettingError('HEADGATE_TLS_CERT and HEADGATE_TLS_KEY are set together or not at all.')
  const { HEADGATE_HOST: host, HEADGATE_PORT: port, HEADGATE_CONFIG: configFile } = set
  return {
    host,
    port,
    url: (set.HEADGATE_URL ?? ownUrl(host, port, cert !== undefined)).replace(/\/+$/, ''),
    tls: cert !== undefined && key !== undefined ? { cert: resolve(cert), key: resolve(key) } : null,
    trustProxy: trust === 'true' || (trust !== 'false' && trust),
    dataDir: resolve(set.HEADGATE_DATA_DIR),
    databaseUrl: set.DATABASE_URL,
    configFile: configFile === undefined ? undefined : resolve(configFile),
    role: set.HEADGATE_ROLE,
    secretKey: set.HEADGATE_SECRET_KEY,
    outgoingAllow: set.HEADGATE_OUTGOING_ALLOW.split(',').filter((entry) => entry.trim() !== ''),
    rateLimit: { own: set.HEADGATE_RATE_LIMIT, vendors: set.HEADGATE_VENDOR_RATE_LIMIT },
    logLevel: set.HEADGATE_LOG_LEVEL,
    keep: {
      events: set.HEADGATE_KEEP_EVENTS_DAYS ?? null,
      logs: set.HEADGATE_KEEP_LOGS_DAYS ?? null,
      sessions: set.HEADGATE_KEEP_SESSIONS_DAYS ?? null,
    },
  }
}

/** A copy, since env-schema writes into it; only one, since it is compiled once for each. */
const schema = structuredClone(settings)

function checkSettings(env: NodeJS.ProcessEnv): Static<typeof settings> {
  const data = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  try {
    return envSchema<Static<typeof settings>>({ schema, data, env: false })
  } catch (error) {
    const faults = (error as { errors?: { instancePath: string; keyword: string; message: string }[] }).errors
    // A union says so once for each of its words: the sentence about all of them is enough.
    const lines = (faults ?? []).filter(({ keyword }) => keyword !== 'const').map(explain)
    throw new SettingError(lines.join('\n') || (error as Error).message)
  }
}

function explain({
  instancePath,
  keyword,
  message,
}: {
  instancePath: string
  keyword: string
  message: string
}) {
  const name = instancePath.slice(1) as keyof typeof settings.properties
  const words = name === 'HEADGATE_ROLE' ? roles : logLevels
  if (keyword === 'anyOf') return `${name} must be one of ${words.join(', ')}.`
  return `${name} ${message}.`
}

function ownUrl(host: string, port: number, tls: boolean): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${tls ? 'https' : 'http'}://${name}:${port}`
}

const keyBytes = 32

/**
 * The keys that secrets are encrypted with, newest first. On the embedded store one is made once, in the data folder,
 * readable by its owner only; `warn` is told. Throws SettingError.
 */
export function readSecretKeys(config: Config, warn: (line: string) => void): Buffer[] {
  if (config.secretKey !== undefined)
    return config.secretKey.split(',').map((text) => readKey(text, 'HEADGATE_SECRET_KEY'))
  if (config.databaseUrl !== undefined) {
    const example = `openssl rand -base64 ${keyBytes}`
    throw new SettingError(
      `HEADGATE_SECRET_KEY must be set where DATABASE_URL is: every process needs the same one (${example}).`,
    )
  }
  const file = join(config.dataDir, 'secret-key')
  try {
    return [readKey(readFileSync(file, 'utf8'), file)]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  mkdirSync(config.dataDir, { recursive: true })
  const key = randomBytes(keyBytes)
  writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  warn(`No HEADGATE_SECRET_KEY is set: one was made in ${file}. Back it up with the data, or set your own.`)
  return [key]
}

function readKey(text: string, where: string): Buffer {
  const trimmed = text.trim()
  const key = Buffer.from(trimmed, 'base64')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) && key.length === keyBytes) return key
  throw new SettingError(`${where} must be ${keyBytes} bytes in base64.`)
}
