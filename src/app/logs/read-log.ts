import { createInterface } from 'node:readline'
import { isFinal } from '#domain/lifecycle.ts'
import { isFinalRun } from '#domain/run-lifecycle.ts'
import { findDeployment } from '#store/deployment.ts'
import type { Subject } from '#store/dispatch.ts'
import { findLog, listLogLines, type LogLine, type LogRow } from '#store/log.ts'
import { findRun } from '#store/run.ts'
import { authorizeNamed } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOfDeployment, requireDeployment } from '../deployments/deployment-view.ts'
import { requireRun } from '../runs/run-view.ts'
import { deriveLines } from './derive-lines.ts'
import { linesPerEntry } from './pack-log.ts'

export interface LogPage {
  lines: LogLine[]
  /** Whether there will be no more lines after those that are there. */
  final: boolean
}

/**
 * The lines of a deployment or a run after a position, oldest first, from rows or from the blob that they were packed
 * into. Throws `not_found`.
 */
export async function readLog(
  ctx: Context,
  { after, limit, ...subject }: Subject & { after: number; limit: number },
): Promise<LogPage> {
  await authorizeLog(ctx, subject)
  // Asked before the lines are read: whatever was said before the end is then among them.
  const final = await isOver(ctx, subject)
  const id = subject.run_id ?? subject.deployment_id!
  for (;;) {
    const log = await findLog(ctx.db, id)
    if (!log) return { lines: await readDerived(ctx, subject, { after, limit }), final }
    if (log.blob_digest && after < log.blob_lines)
      return { lines: await readPacked(ctx, log, log.blob_digest, { after, limit }), final }
    const lines = await listLogLines(ctx.db, id, { after, limit })
    // It may have been packed between the two looks.
    if (lines[0]?.position === after + 1 || (lines.length === 0 && log.lines <= after))
      return { lines, final }
  }
}

/** Throws `not_found` for those who may not even know of it. */
export async function authorizeLog(ctx: Context, { deployment_id, run_id }: Subject): Promise<void> {
  if (run_id !== undefined) {
    const run = await requireRun(ctx.db, run_id)
    const place = {
      project_id: run.project_id,
      ...(run.environment_id ? { environment_id: run.environment_id } : {}),
    }
    return authorizeNamed(ctx, 'run.read', place, { what: 'run', id: run_id })
  }
  const row = await requireDeployment(ctx.db, deployment_id)
  authorizeNamed(ctx, 'deployment.read', placeOfDeployment(row), { what: 'deployment', id: deployment_id })
}

async function isOver(ctx: Context, { deployment_id, run_id }: Subject): Promise<boolean> {
  if (run_id !== undefined) {
    const run = await findRun(ctx.db, run_id)
    return run === undefined || isFinalRun(run.state)
  }
  const row = await findDeployment(ctx.db, deployment_id)
  return row === undefined || isFinal(row.state)
}

type Page = { after: number; limit: number }

async function readDerived(
  ctx: Context,
  { deployment_id }: Subject,
  { after, limit }: Page,
): Promise<LogLine[]> {
  const row = deployment_id === undefined ? undefined : await findDeployment(ctx.db, deployment_id)
  if (!row) return []
  const lines = deriveLines(row).map((line, index) => ({ position: index + 1, ...line }))
  return lines.slice(after, after + limit)
}

/** Begins at the entry of the index that is nearest before, and reads no further than the page. */
async function readPacked(
  ctx: Context,
  log: LogRow,
  digest: string,
  { after, limit }: Page,
): Promise<LogLine[]> {
  const entry = Math.floor(after / linesPerEntry)
  const stream = await ctx.blobs.open(digest, { start: log.blob_index[entry] ?? 0 })
  const lines: LogLine[] = []
  try {
    let position = entry * linesPerEntry
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      position += 1
      if (position <= after) continue
      const { at, ...rest } = JSON.parse(text) as { at: string; stream: LogLine['stream']; text: string }
      lines.push({ position, at: new Date(at), ...rest })
      if (lines.length === limit || position === log.blob_lines) break
    }
  } finally {
    stream.destroy()
  }
  return lines
}
