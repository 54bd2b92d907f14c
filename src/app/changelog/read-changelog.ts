import { readChanges, type Change, type Span } from '#catalogue/code/changelog/read-changes.ts'
import type { Histories } from '#catalogue/code/changelog/find-same.ts'
import { DomainError, invalidField } from '#domain/errors.ts'
import { GitError } from '#ground/git/run-git.ts'
import { listPicksOfCommits } from '#store/candidate-pick.ts'
import type { Context } from '../context.ts'
import { refreshMirror } from '../repositories/fetch-repository.ts'
import { openRepository } from '../repositories/open-repository.ts'
import { findSpan, type Base, type Point, type SpanNamed } from './changelog-span.ts'

export type { Base, Change, Point, SpanNamed }

type Changes = AsyncIterableIterator<Change, void, undefined>

export interface Changelog {
  base: Base
  head: Point
  /** What comes, newest first, then what goes. Read as it is read; whoever stops ends it. */
  changes: Changes
}

/**
 * What a candidate, or whatever is named, brings where another is, in commits. The first is read when this answers, so
 * that what can go wrong has. Throws `not_found`, `forbidden`, `not_possible_now`, `invalid`, `repository_unreachable`.
 */
export async function readChangelog(
  ctx: Context,
  named: SpanNamed,
  signal?: AbortSignal,
): Promise<Changelog> {
  const { base, head } = await findSpan(ctx, named)
  const span = { from: base.commit_sha, to: head.commit_sha }
  return { base, head, changes: await openChanges(ctx, named.project_id, { ...span, count: 0 }, signal) }
}

/** Commits between which is read, and how many changes are passed over. */
type Place = Span & { count: number }

async function openChanges(
  ctx: Context,
  project_id: string,
  place: Place,
  signal: AbortSignal | undefined,
): Promise<Changes> {
  const { settings, repository, mirror } = await openRepository(ctx, project_id)
  const histories: Histories = {
    ...{ db: ctx.db, repository_id: repository.id, mirror, paths: settings.paths },
    ...{ listPicks: listPicksOfCommits, signal },
  }
  try {
    return await begin(readChanges(place, histories), place.count)
  } catch (error) {
    if (!(error instanceof GitError) || error.reason !== 'failed') throw error
    // Most likely a commit that the mirror has not got, or not any more.
    const refreshed = await refreshMirror(ctx, repository)
    const missing = await firstMissing(refreshed, place)
    if (missing !== undefined) throw new DomainError('not_found', { what: 'commit', id: missing })
    return begin(readChanges(place, { ...histories, mirror: refreshed }), place.count)
  }
}

/** What comes after so many, with the first of it read already. */
async function begin(changes: ReturnType<typeof readChanges>, count: number): Promise<Changes> {
  let first: IteratorResult<Change, void> | undefined = await changes.next()
  for (let passed = 0; passed < count && !first.done; passed += 1) first = await changes.next()
  // No generator: one that nobody began would not end what is under it.
  const begun: Changes = {
    next() {
      if (!first) return changes.next()
      const next = Promise.resolve(first)
      first = undefined
      return next
    },
    return: () => changes.return(),
    [Symbol.asyncIterator]: () => begun,
  }
  return begun
}

async function firstMissing(mirror: Histories['mirror'], { from, to }: Span): Promise<string | undefined> {
  const shas = from === null ? [to] : [from, to]
  const { stdout } = await mirror.git(['cat-file', '--batch-check=%(objecttype)'], {
    input: `${shas.join('\n')}\n`,
  })
  const types = stdout.split('\n')
  return shas.find((_, at) => types[at] !== 'commit')
}

/**
 * From a place on, `from` of the changes passed over. `after` (see placeAfter) names the commits too, so that pages fit
 * together whatever is deployed meanwhile.
 */
export async function readChangelogAfter(
  ctx: Context,
  { after, ...named }: SpanNamed & { after?: string | undefined },
  signal?: AbortSignal,
): Promise<Changelog & { from: number }> {
  if (after === undefined) return { ...(await readChangelog(ctx, named, signal)), from: 0 }
  const place = readPlace(after)
  const now = await findSpan(ctx, named)
  const changes = await openChanges(ctx, named.project_id, place, signal)
  const base = now.base.commit_sha === place.from ? now.base : earlier(now.base, place.from)
  const head = now.head.commit_sha === place.to ? now.head : { ...nameless, commit_sha: place.to }
  return { base, head, changes, from: place.count }
}

const nameless = { candidate_id: null, version: null, release_id: null }

/** What it began after when its first page was read. */
function earlier(base: Base, commit_sha: string | null): Base {
  const { why, environment, uncertain } = base
  return commit_sha === null
    ? { ...nameless, commit_sha, why: 'first_commit', environment, uncertain: false }
    : { ...nameless, commit_sha, why, environment, uncertain }
}

/** What to give as `after` for what comes after so many changes. */
export function placeAfter({ commit_sha: from }: Base, { commit_sha: to }: Point, count: number): string {
  return `${from ?? ''}.${to}.${count}`
}

function readPlace(after: string): Place {
  const [, from, to, count] = /^([0-9a-f]{40})?\.([0-9a-f]{40})\.([0-9]{1,9})$/.exec(after) ?? []
  if (to === undefined) throw invalidField('query.after', 'invalid', 'is not the `next` of a page')
  return { from: from ?? null, to, count: Number(count) }
}
