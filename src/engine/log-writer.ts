import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Context } from '#app/context.ts'
import { appendLog } from '#app/logs/append-log.ts'
import { isPassing } from '#domain/passing-error.ts'

type Subject = Parameters<typeof appendLog>[2]
type Line = Parameters<typeof appendLog>[3][number]

export interface LogWriter {
  /** Answers at once while the store keeps up, and when it does again where it does not. */
  write(stream: Line['stream'], lines: readonly string[]): Promise<void>
  /** When all that was written is in the store, or cannot be. Never throws. */
  close(): Promise<void>
}

/** Lines go to the store together: after this time, or this many bytes. */
const flushMs = 200
const flushBytes = 64 * 1024

/** Writes the lines of one deployment or run in batches, in their order; past the log's limit none. */
export function openLogWriter(ctx: Context, subject: Subject, logger: Logger): LogWriter {
  let waiting: Line[] = []
  let bytes = 0
  let full = false
  let timer: NodeJS.Timeout | undefined
  let flushing: Promise<void> = Promise.resolve()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const lines = waiting
    waiting = []
    bytes = 0
    if (lines.length > 0) flushing = flushing.then(() => store(lines))
    return flushing
  }

  async function store(lines: readonly Line[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        full = await appendLog(ctx, ctx.db, subject, lines)
        return
      } catch (error) {
        if (isPassing(error) && attempt < 60) await sleep(500)
        else return logger.warn({ err: error, ...subject }, 'lines of a log could not be written')
      }
    }
  }

  return {
    async write(stream, lines) {
      if (full && stream !== 'engine') return
      const at = ctx.now()
      for (const text of lines) {
        waiting.push({ at, stream, text })
        bytes += text.length + 50
        if (bytes >= flushBytes) await flush()
      }
      timer ??= setTimeout(() => void flush(), flushMs)
    },
    close: flush,
  }
}
