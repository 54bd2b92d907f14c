import type { Logger } from 'pino'
import type { Context } from '#app/context.ts'
import {
  claimDeliveries,
  writeMessages,
  type ClaimedDelivery,
  type Written,
} from '#app/webhooks/claim-deliveries.ts'
import type { MessageFormats } from '#app/webhooks/message-format.ts'
import { sendDelivery } from '#app/webhooks/send-delivery.ts'

export interface DelivererSettings {
  ctx: Context
  /** Where others reach this server, for links. */
  url(): string
  /** Who writes messages in other words than ours. */
  formats: MessageFormats
  logger: Logger
  /** Deliveries that one process has in hand at once. */
  most?: number
}

export interface Deliverer {
  /** Takes what is due and begins to send it; answers when it has taken it. */
  look(): Promise<void>
  /** Takes no more, waits a while for what is in hand, and gives back the rest. */
  stop(graceMs: number): Promise<void>
}

/** Sends what is due, so many at a time: whoever hangs has a few places, never all of them. */
export function createDeliverer({ ctx, url, formats, logger, most = 64 }: DelivererSettings): Deliverer {
  const inHand = new Set<Promise<void>>()
  const stopping = new AbortController()
  let looking = Promise.resolve()
  let taking = false
  let again = false
  let stopped = false

  function look(): Promise<void> {
    again = true
    if (!taking) {
      taking = true
      looking = take()
    }
    return looking
  }

  async function take(): Promise<void> {
    try {
      while (again && !stopped && inHand.size < most) {
        again = false
        const claimed = await claimDeliveries(ctx, most - inHand.size)
        if (claimed.length === 0) continue
        const written = await writeMessages(ctx, claimed, { url: url(), formats })
        for (const delivery of claimed)
          begin(delivery, written.get(delivery.id) ?? { failed: 'its message was not written' })
      }
    } finally {
      // In the same breath as the last look at `again`: who asks a moment later is not to be told that this still goes on.
      taking = false
    }
  }

  function begin(delivery: ClaimedDelivery, written: Written): void {
    const sending = sendDelivery(ctx, delivery, { written, formats, signal: stopping.signal })
      .catch((error: unknown) =>
        logger.error(
          { err: error, delivery: delivery.id },
          'a delivery broke; it is sent again when it is given up',
        ),
      )
      .finally(() => {
        inHand.delete(sending)
        // Its place is free, and so is one of its webhook's.
        if (!stopped)
          look().catch((error: unknown) => logger.error({ err: error }, 'deliveries could not be taken'))
      })
    inHand.add(sending)
  }

  return {
    look,
    async stop(graceMs) {
      stopped = true
      await looking.catch(() => undefined)
      const timer = setTimeout(() => stopping.abort(), graceMs)
      await Promise.all(inHand)
      clearTimeout(timer)
    },
  }
}
