import type { Logger } from 'pino'
import { asPrincipal, type House } from '#app/context.ts'
import { takeUpDeliveries } from '#app/webhooks/claim-deliveries.ts'
import { expandDeliveries } from '#app/webhooks/expand-deliveries.ts'
import { formatsOf, type MessageFormat } from '#app/webhooks/message-format.ts'
import { queueDeliveries } from '#app/webhooks/queue-deliveries.ts'
import { tidyDeliveries } from '#app/webhooks/tidy-deliveries.ts'
import { createDeliverer } from './deliver-webhook.ts'
import type { Queue } from './queue.ts'

export interface DeliveriesSettings {
  house: House
  queue: Queue
  /** Calls when events were sealed, by whichever process; answers how to end that. */
  hearSealed(hear: () => void): Promise<() => Promise<void>>
  url(): string
  /** No other process can be sending anything. */
  alone?: boolean
  /** Those who write messages in other words than ours. */
  formats?: readonly MessageFormat[]
  logger: Logger
  /** How often to look although nothing was heard: a clock may jump, a job may be lost. */
  sweepMs?: number
}

export interface Deliveries {
  /** Makes deliveries of what is sealed and begins to send what is due; what a test calls after it set the clock. */
  sweep(): Promise<void>
  stop(): Promise<void>
}

const graceMs = 10_000

/** Reads the chain for webhooks and sends what they are to be told. */
export async function startDeliveries(settings: DeliveriesSettings): Promise<Deliveries> {
  const { house, queue, hearSealed, url, logger, sweepMs = 30_000 } = settings
  const formats = formatsOf(settings.formats ?? [])
  const ctx = asPrincipal(house, null)
  if (settings.alone) await takeUpDeliveries(ctx)
  const deliverer = createDeliverer({ ctx, url, formats, logger })
  let reading = Promise.resolve()
  let underway = false
  let again = false
  let stopped = false

  function read(): Promise<void> {
    again = true
    if (!underway) {
      underway = true
      reading = readAll()
    }
    return reading
  }

  async function readAll(): Promise<void> {
    try {
      while (again && !stopped) {
        again = false
        // By turns: what happens meanwhile does not wait for the last item of a large deployment.
        const queued = await queueDeliveries(ctx, formats)
        const expanded = await expandDeliveries(ctx, formats)
        if (queued || expanded) again = true
      }
    } finally {
      // In the same breath as the last look at `again`: who asks a moment later is not to be told that this still goes on.
      underway = false
    }
  }

  const report = (error: unknown) =>
    logger.error({ err: error }, 'webhooks could not be looked after; the next look is soon')
  const hush = await hearSealed(() => void read().catch(report))
  queue.work('deliver-webhook', () => deliverer.look())

  async function sweep(): Promise<void> {
    await read()
    await deliverer.look()
    await tidyDeliveries(ctx)
  }
  const timer = setInterval(() => void sweep().catch(report), sweepMs)
  void sweep().catch(report)
  return {
    sweep,
    async stop() {
      stopped = true
      clearInterval(timer)
      await hush()
      await reading.catch(() => undefined)
      await deliverer.stop(graceMs)
    },
  }
}
