import { findLog, listLogLines, moveLogToBlob } from '#store/log.ts'
import type { Context } from '../context.ts'

/** How many lines there are between two entries of a packed log's index. */
export const linesPerEntry = 1000

/** Shorter ones may stay in rows: a file of its own would cost more than they do. */
const fewLines = 100

/**
 * Moves the lines of a log that has ended out of the tables, into a blob with a line of JSON each. Done a second time
 * it does nothing; a blob of a process that died in between is refound by its digest. For Headgate itself.
 */
export async function packLog(ctx: Context, log_id: string): Promise<void> {
  const log = await findLog(ctx.db, log_id)
  if (!log || log.blob_digest !== null || log.lines <= fewLines) return
  const index: number[] = []
  let lines = 0
  const last = log.lines

  async function* encode(): AsyncGenerator<Buffer> {
    let bytes = 0
    while (lines < last) {
      const page = await listLogLines(ctx.db, log_id, {
        after: lines,
        limit: Math.min(linesPerEntry, last - lines),
      })
      if (page.length === 0) throw new Error(`the log ${log_id} has a gap after line ${lines}`)
      index.push(bytes)
      const text = page
        .map(({ at, stream, text: said }) => JSON.stringify({ at, stream, text: said }))
        .join('\n')
      const chunk = Buffer.from(`${text}\n`)
      bytes += chunk.length
      lines += page.length
      yield chunk
    }
  }

  const { digest } = await ctx.blobs.put(encode())
  await moveLogToBlob(ctx.db, log_id, { digest, lines, index })
}
