import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Context, House } from '#app/context.ts'
import { poolFigures } from '#app/figures/pool-figures.ts'
import { readFigures } from '#app/figures/read-figures.ts'
import { listenToForget } from '#app/listen-to-forget.ts'
import { applyConfigurationFile } from '#app/configuration/apply-configuration-file.ts'
import { firstStart, type FirstCredentials } from '#app/identity/first-start.ts'
import { makeBackup } from '#app/backup/make-backup.ts'
import { terraformBench } from '#app/infra/terraform-bench.ts'
import { pickBench } from '#app/picks/pick-bench.ts'
import { restoreBundles } from '#app/picks/restore-bundles.ts'
import { restoreBackup } from '#app/backup/restore-backup.ts'
import { applyCommand } from '#cli/apply.ts'
import { backupCommand } from '#cli/backup.ts'
import { exportCommand } from '#cli/export.ts'
import { importCommand } from '#cli/import.ts'
import { joinVocabularies } from '#domain/order-vocabulary.ts'
import { openQueue } from '#engine/queue.ts'
import { startDeliveries, type Deliveries } from '#engine/start-deliveries.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { startEventFeed } from '#events/event-feed.ts'
import { startUpkeep } from '#engine/start-upkeep.ts'
import { startLogWakes } from '#events/log-wakes.ts'
import { startSealer } from '#events/sealer.ts'
import { createChainVerifier } from '#events/chain-verifier.ts'
import { buildkiteExecutor } from '#executors/buildkite/index.ts'
import { commandExecutor } from '#executors/command/index.ts'
import { contentExecutor } from '#executors/content/index.ts'
import { githubActionsExecutor } from '#executors/github-actions/index.ts'
import { noExecutor } from '#executors/none/index.ts'
import { pickExecutor } from '#executors/pick/index.ts'
import { terraformExecutor } from '#executors/terraform/index.ts'
import { webhookExecutor } from '#executors/webhook/index.ts'
import { openBlobFolder } from '#ground/blob-folder.ts'
import { openMirrors } from '#ground/git/mirrors.ts'
import { openVault } from '#ground/encryption.ts'
import { lockFolder } from '#ground/folder-lock.ts'
import { orderedIds } from '#ground/ordered-ids.ts'
import { openOutbound } from '#ground/outbound.ts'
import { createMetrics, type Metrics } from '#http/metrics.ts'
import { openPort, type PortOptions } from '#http/open-port.ts'
import { createLog } from '#http/request-log.ts'
import { restoreCommand } from '#local/restore.ts'
import { demoCommand } from '#local/demo.ts'
import { migrateCommand } from '#local/migrate.ts'
import { serveCommand } from '#local/serve.ts'
import { vacuum } from '#store/chore.ts'
import { migrate } from '#store/migrate.ts'
import { sealedChannel } from '#store/event-seal.ts'
import { notify } from '#store/notify.ts'
import { openStore } from '#store/open-store.ts'
import type { Store } from '#store/store.ts'
import { aviator } from '#surfaces/aviator/index.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import type { Surface } from '#surfaces/contract.ts'
import { docs } from '#surfaces/docs/index.ts'
import { facets } from '#surfaces/facets/index.ts'
import { hooks } from '#surfaces/hooks/index.ts'
import { native } from '#surfaces/native/index.ts'
import { terraformState } from '#surfaces/terraform-state/index.ts'
import { readConfig, readSecretKeys, type Config } from './config.ts'

export interface OpenHouse {
  house: House
  store: Store
  engine: Engine | undefined
  deliveries: Deliveries | undefined
  server: FastifyInstance | undefined
  /** Where the server listens; undefined for a worker. */
  url: string | undefined
  /** Made at the very first start, to be shown once. */
  credentials: FirstCredentials | undefined
  /** Reads the certificate of the server anew; the old one stays where the new one cannot be used. */
  reload(): Promise<void>
  /** Takes no more requests, lets running deployments finish or hands them over, and lets go of the store. */
  close(): Promise<void>
}

/** The doors, in the order in which they are asked who answers for a path. */
function surfacesOf(means: Omit<Parameters<typeof native>[0], 'parts'>): Surface[] {
  const vendors = [facets, contentstack, aviator]
  const surfaces = [hooks, terraformState, native({ ...means, parts: vendors }), ...vendors]
  return [...surfaces, docs(surfaces)]
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
      mirrors: openMirrors({
        folder: join(config.dataDir, 'mirrors'),
        made: (mirror, id) => restoreBundles(house, id, mirror).then(() => undefined),
      }),
      outbound: openOutbound({ allow: config.outgoingAllow, now }),
      vault,
    }
    await listenToForget(house, store)
    closers.push(async () => house.mirrors.close())
    const events = await startEventFeed({ ...store, logger })
    closers.push(() => events.close())
    const metrics = createMetrics()
    closers.push(async () => metrics.close())
    const logs = await startLogWakes(store.listen)
    closers.push(() => logs.close())
    const operations = operationsOf(config, store, metrics)
    const surfaces = surfacesOf({ operations, verifyChain: createChainVerifier(store.db), events, logs })
    if (config.configFile)
      for (const line of await applyConfigurationFile(house, surfaces, config.configFile))
        logger.info(`${config.configFile}: ${line}`)
    const credentials = await firstStart(house)

    let reachable = config.url
    const outside = { hold: store.hold, url: () => reachable }
    const means = { config, house, store, queue, logger, outside, surfaces, closers }
    const { engine, deliveries } = config.role === 'api' ? {} : await startWorking(means)
    const watch = (server: FastifyInstance) => metrics.watch(server)
    const open = await listen(config, { house, surfaces, log: logger, watch })
    if (open) closers.push(() => open.close())
    // What is at work outside says how it ended, and keeps its state, through the server: it ends before that closes.
    closers.push(() => queue.drain(20_000))
    if (open) reachable = open.url
    const reload = async () => open?.reload()
    return {
      house,
      store,
      engine,
      deliveries,
      server: open?.server,
      url: open?.url,
      credentials,
      reload,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a process that works does over time: it deploys, delivers, and tidies up. */
async function startWorking(means: Working) {
  const { config, house, store, queue, logger, outside, surfaces, closers } = means
  const formats = surfaces.flatMap(({ messages }) => messages ?? [])
  const vocabulary = joinVocabularies(surfaces.flatMap((surface) => surface.vocabulary ?? []))
  const executors = [
    contentExecutor,
    commandExecutor({ vocabulary }),
    buildkiteExecutor({ ...house.outbound, vocabulary }),
    githubActionsExecutor({ ...house.outbound, vocabulary }),
    webhookExecutor(house.outbound),
    pickExecutor(pickBench(house)),
    terraformExecutor(terraformBench(house, outside)),
    noExecutor,
  ]
  const engine = await startEngine({ house, queue, executors, logger, outside })
  closers.push(() => engine.stop())
  const alone = store.kind === 'embedded'
  const hearSealed = (hear: () => void) => store.listen(sealedChannel, hear)
  const deliveries = await startDeliveries({
    house,
    queue,
    hearSealed,
    url: outside.url,
    alone,
    formats,
    logger,
  })
  closers.push(() => deliveries.stop())
  const tidy = store.kind === 'embedded' ? () => vacuum(store.db) : undefined
  const upkeep = startUpkeep({ house, policy: config.keep, ...(tidy ? { tidy } : {}), logger })
  closers.push(() => upkeep.stop())
  return { engine, deliveries }
}

interface Working extends Pick<Parameters<typeof startEngine>[0], 'house' | 'queue' | 'logger'> {
  config: Config
  store: Store
  surfaces: readonly Surface[]
  outside: NonNullable<Parameters<typeof startEngine>[0]['outside']>
  /** Called in reverse when the process ends. */
  closers: (() => Promise<unknown>)[]
}

function operationsOf({ dataDir }: Config, store: Store, metrics: Metrics) {
  const folder = join(dataDir, 'spool')
  return {
    makeBackup: (ctx: Context) => makeBackup(ctx, { folder }),
    metrics: async (ctx: Context) => metrics.show([...(await readFigures(ctx)), ...poolFigures(store)]),
  }
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

/** Undefined for a worker, which takes no requests. */
async function listen(config: Config, options: Pick<PortOptions, 'house' | 'surfaces' | 'log' | 'watch'>) {
  const { role, host, port, url, tls, trustProxy, rateLimit } = config
  if (role === 'worker') return undefined
  const rateOf: PortOptions['rateOf'] = ({ name }) => (name === 'native' ? rateLimit.own : rateLimit.vendors)
  return openPort({ ...options, host, port, url, tls, trustProxy, rateOf })
}

export function program(): Command {
  const formats = [contentstack].flatMap(({ contentFormat }) => contentFormat?.name ?? [])
  const headgate = new Command('headgate').description('A control plane for releases').version('0.1.0')
  headgate.addCommand(serveCommand({ open: () => openHouse(readConfig(process.env)) }))
  headgate.addCommand(migrateCommand({ migrate: () => migrateOnly(readConfig(process.env)) }))
  headgate.addCommand(demoCommand({ open: (env) => openHouse(readConfig({ ...process.env, ...env })) }))
  headgate.addCommand(applyCommand())
  headgate.addCommand(backupCommand())
  headgate.addCommand(importCommand(formats))
  headgate.addCommand(exportCommand(formats))
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
