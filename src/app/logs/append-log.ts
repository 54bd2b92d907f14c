import type { Db } from '#store/database.ts'
import type { Subject } from '#store/dispatch.ts'
import { appendLog as append, type LogStream, type LogText } from '#store/log.ts'
import type { Context } from '../context.ts'

/** Of one deployment or run. */
const mostLogBytes = 16 * 1024 * 1024

/** Adds lines; for Headgate itself, which says who may. Answers whether the log is full. */
export function appendLog(
  ctx: Pick<Context, 'newId' | 'now'>,
  db: Db,
  subject: Subject,
  lines: readonly LogText[],
): Promise<boolean> {
  const cut_off: LogText = {
    at: ctx.now(),
    stream: 'engine',
    text: `The log is cut off here: it may have ${mostLogBytes / 1024 / 1024} MB.`,
  }
  return append(db, subject, { id: ctx.newId(), lines, most_bytes: mostLogBytes, cut_off })
}

/** One line of the engine's own. */
export async function noteInLog(
  ctx: Pick<Context, 'newId' | 'now'>,
  db: Db,
  subject: Subject,
  text: string,
  stream: LogStream = 'engine',
): Promise<void> {
  await appendLog(ctx, db, subject, [{ at: ctx.now(), stream, text }])
}
