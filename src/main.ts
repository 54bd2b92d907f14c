import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Context, House } from '#app/context.ts'
import { readFigures, type Figure } from '#app/figures/read-figures.ts'
import { forgetChannel, memoryOf } from '#app/memory.ts'
import { applyConfigurationFile } from '#app/configuration/apply-configuration-file.ts'
import { firstStart, type FirstCredentials } from '#app/identity/first-start.ts'
import { makeBackup } from '#app/backup/make-backup.ts'
import { restoreBackup } from '#app/backup/restore-backup.ts'
import { applyCommand } from '#cli/apply.ts'
import { backupCommand } from '#cli/backup.ts'
import { openQueue } from '#engine/queue.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { startEventFeed } from '#events/event-feed.ts'
import { startUpkeep } from '#engine/start-upkeep.ts'
import { startSealer } from '#events/sealer.ts'
import { createChainVerifier } from '#events/chain-verifier.ts'
import { commandExecutor } from '#executors/command/index.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { openVault } from '#ground/encryption.ts'
import { lockFolder } from '#ground/folder-lock.ts'
import { orderedIds } from '#ground/ordered-ids.ts'
import { openOutbound } from '#ground/outbound.ts'
import { createMetrics, type Metrics } from '#http/metrics.ts'
import { createLog } from '#http/request-log.ts'
import { createServer } from '#http/server.ts'
import { restoreCommand } from '#local/restore.ts'
import { demoCommand } from '#local/demo.ts'
import { migrateCommand } from '#local/migrate.ts'
import { serveCommand } from '#local/serve.ts'
import { vacuum } from '#store/chore.ts'
import { migrate } from '#store/migrate.ts'
import { notify } from '#store/notify.ts'
import { openStore } from '#store/open-store.ts'
import type { Store } from '#store/store.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import { docs } from '#surfaces/docs/index.ts'
import { native } from '#surfaces/native/index.ts'
import { readConfig, readSecretKeys, type Config } from './config.ts'

export interface OpenHouse {
  house: House
  store: Store
  engine: Engine | undefined
  server: FastifyInstance | undefined
  /** Where the server listens; undefined for a worker. */
  url: string | undefined
  /** Made at the very first start, to be shown once. */
  credentials: FirstCredentials | undefined
  /** Takes no more requests, lets running deployments finish or hands them over, and lets go of the store. */
  close(): Promise<void>
}

/** The one place where all rooms meet: config, ground, store, executors, engine, surfaces, http, in this order. */
export async function openHouse(config: Config, now: () => Date = () => new Date()): Promise<OpenHouse> {
  const logger = createLog(config.logLevel)
  const vault = openVault(readSecretKeys(config, (line) => logger.warn(line)))
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).toReversed()) await closer()
  }
  try {
    const { store } = await openMigrated(config, logger, now)
    closers.push(() => store.close())
    const queue = await openQueue({ ...store, alone: store.kind === 'embedded', notify, logger })
    closers.push(() => queue.stop(20_000))
    const sealer = startSealer({ db: store.db, logger })
    closers.push(() => sealer.stop())
    const house: House = {
      db: store.db,
      now,
      newId: orderedIds(now),
      enqueue: queue.enqueue,
      committed: sealer.nudge,
      blobs: await openBlobFolder(join(config.dataDir, 'blobs'), now()),
      outbound: openOutbound({ allow: config.outgoingAllow, now }),
      vault,
    }
    await listenToForget(house, store)
    const events = await startEventFeed({ ...store, logger })
    closers.push(() => events.close())
    const metrics = createMetrics()
    closers.push(async () => metrics.close())
    const spool = join(config.dataDir, 'spool')
    const operations = {
      makeBackup: (ctx: Context) => makeBackup(ctx, { folder: spool }),
      metrics: async (ctx: Context) => metrics.show([...(await readFigures(ctx)), ...poolFigures(store)]),
    }
    const surfaces = [
      native({ operations, verifyChain: createChainVerifier(store.db), events, parts: [contentstack] }),
      contentstack,
    ]
    surfaces.push(docs(surfaces))
    if (config.configFile)
      for (const line of await applyConfigurationFile(house, surfaces, config.configFile))
        logger.info(`${config.configFile}: ${line}`)
    const credentials = await firstStart(house)

    let reachable = config.url
    const outside = { hold: store.hold, url: () => reachable }
    const executors = [contentExecutor, commandExecutor()]
    const engine =
      config.role === 'api' ? undefined : await startEngine({ house, queue, executors, logger, outside })
    if (engine) closers.push(() => engine.stop())
    if (engine) {
      const tidy = store.kind === 'embedded' ? () => vacuum(store.db) : undefined
      const upkeep = startUpkeep({ house, policy: config.keep, ...(tidy ? { tidy } : {}), logger })
      closers.push(() => upkeep.stop())
    }
    const server =
      config.role === 'worker' ? undefined : await listen(config, house, surfaces, logger, metrics)
    if (server) closers.push(() => server.close())
    if (server) reachable = addressOf(server, config)
    return { house, store, engine, server, url: server && addressOf(server, config), credentials, close }
  } catch (error) {
    await close()
    throw error
  }
}

function poolFigures({ pool }: Store): Figure[] {
  const values = Object.entries(pool?.() ?? {}).map(([state, value]) => ({ labels: { state }, value }))
  return [{ name: 'headgate_pool_connections', help: 'Connections to PostgreSQL', labels: ['state'], values }]
}

/** What other processes change is forgotten here; while that cannot be heard of, nothing is remembered. */
async function listenToForget(house: House, store: Store): Promise<void> {
  const memory = memoryOf(house)
  const hear = (payload: string | null) => (payload === null ? memory.hearing() : memory.forget())
  await store.listen(forgetChannel, hear, () => memory.deaf())
  memory.hearing()
}

async function openMigrated(
  config: Config,
  logger: Logger,
  now: () => Date,
): Promise<{ store: Store; applied: string[] }> {
  const store = await openStoreOf(config, logger, now)
  try {
    return { store, applied: await migrate(store, now) }
  } catch (error) {
    await store.close()
    throw error
  }
}

function openStoreOf(config: Config, logger: Logger, now: () => Date): Promise<Store> {
  return openStore({
    dataDir: config.dataDir,
    ...(config.databaseUrl ? { databaseUrl: config.databaseUrl } : {}),
    holdFolder: (folder) => lockFolder(folder, now()),
    onError: (error) =>
      logger.warn({ err: error }, 'a connection to the store was lost; the next one is opened anew'),
  })
}

async function listen(
  config: Config,
  house: House,
  surfaces: Parameters<typeof createServer>[0]['surfaces'],
  log: Logger,
  metrics: Metrics,
) {
  const tls = config.tls && { cert: await readFile(config.tls.cert), key: await readFile(config.tls.key) }
  const server = await createServer({
    house,
    surfaces,
    log,
    trustProxy: config.trustProxy,
    watch: (server) => metrics.watch(server),
    rateOf: ({ name }) => (name === 'native' ? config.rateLimit.own : config.rateLimit.vendors),
    ...(tls ? { tls } : {}),
  })
  await server.listen({ host: config.host, port: config.port })
  return server
}

/** The URL of a server that took any free port is known only now. */
function addressOf(server: FastifyInstance, config: Config): string {
  const address = server.addresses()[0]
  return config.port === 0 && typeof address === 'object'
    ? `http://${config.host}:${address.port}`
    : config.url
}

export function program(): Command {
  const headgate = new Command('headgate').description('A control plane for releases').version('0.1.0')
  headgate.addCommand(serveCommand({ open: () => openHouse(readConfig(process.env)) }))
  headgate.addCommand(migrateCommand({ migrate: () => migrateOnly(readConfig(process.env)) }))
  headgate.addCommand(demoCommand({ open: (env) => openHouse(readConfig({ ...process.env, ...env })) }))
  headgate.addCommand(applyCommand())
  headgate.addCommand(backupCommand())
  headgate.addCommand(
    restoreCommand({ restore: (file, options) => restore(readConfig(process.env), file, options) }),
  )
  return headgate
}

async function restore(config: Config, file: string, options: { anyKey: boolean }) {
  const logger = createLog(config.logLevel)
  const now = () => new Date()
  const vault = openVault(readSecretKeys(config, (line) => logger.warn(line)))
  const store = await openStoreOf(config, logger, now)
  try {
    const blobs = await openBlobFolder(join(config.dataDir, 'blobs'), now())
    const into = { store, blobs, vault, now, newId: orderedIds(now) }
    return await restoreBackup(into, () => createReadStream(file), options)
  } finally {
    await store.close()
  }
}

async function migrateOnly(config: Config): Promise<string[]> {
  const { store, applied } = await openMigrated(config, createLog(config.logLevel), () => new Date())
  await store.close()
  return applied
}

if (import.meta.main) {
  program()
    .parseAsync()
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    })
}
