import { writeMarkdown } from '#catalogue/code/changelog/write-markdown.ts'
import type { Context } from '../context.ts'
import { readChangelog, type Base, type Point, type SpanNamed } from './read-changelog.ts'

/** How many changes a changelog is written of at most. */
const mostWritten = 10_000

/** A changelog as Markdown, grouped by what its changes are. Throws as readChangelog, before the first piece. */
export async function writeChangelog(
  ctx: Context,
  { most = mostWritten, ...named }: SpanNamed & { most?: number | undefined },
  signal?: AbortSignal,
): Promise<AsyncIterable<string>> {
  const { base, head, changes } = await readChangelog(ctx, named, signal)
  const title = head.version ?? nameOf(head)
  return writeMarkdown({ title, notes: [sayBase(base)] }, changes, Math.min(most, mostWritten))
}

function nameOf({ version, commit_sha }: Pick<Point, 'version' | 'commit_sha'>): string {
  return version ?? commit_sha.slice(0, 8)
}

function sayBase(base: Base): string {
  const place = base.environment?.name
  if (base.commit_sha === null)
    return place === undefined
      ? 'All since the first commit.'
      : `Nothing is live in ${place}: all since the first commit.`
  const since = `Since ${nameOf(base)}`
  if (base.why === 'live')
    return `${since}, live in ${place}${base.uncertain ? ' (uncertain: a deployment of it did not succeed)' : ''}.`
  return place === undefined
    ? `${since}.`
    : `Nothing is live in ${place}: since ${nameOf(base)}, released before.`
}
