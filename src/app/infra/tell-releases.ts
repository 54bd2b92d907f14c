import { DomainError } from '#domain/errors.ts'
import { listToldArtifacts, type ToldArtifact } from '#store/told-artifact.ts'
import {
  listEffectsInFull,
  listToldEffects,
  listToldItems,
  sizeOfEffects,
  type EffectInFull,
  type ToldEffect,
  type ToldItem,
} from '#store/told-effect.ts'
import {
  countReleasesByDay,
  countToldReleases,
  listToldReleases,
  type AskedAs,
  type Part,
  type ReleaseCount,
  type ReleaseFilter,
  type Standing,
  type ToldRelease as Row,
} from '#store/told-release.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'

export type { AskedAs, EffectInFull, Part, ReleaseCount, Standing, ToldEffect, ToldItem }

/** A release with what its plan does, and what became of its items. */
export interface ToldRelease extends Row {
  effects: ToldEffect[]
  items: ToldItem[]
  /** What it brought that was not there before. */
  artifacts: ToldArtifact[]
}

export interface Place {
  project_id: string
  environment_id: string
}

export type Wanted = Omit<ReleaseFilter, 'environment_id'>

/** A page of the releases of an environment, newest first, in a constant number of statements. */
export async function tellReleases(
  ctx: Context,
  {
    project_id,
    environment_id,
    limit,
    offset,
    ...wanted
  }: Place & Wanted & { limit: number; offset: number },
): Promise<ToldRelease[]> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  const rows = await listToldReleases(ctx.db, { environment_id, ...wanted }, { limit, offset })
  return inFull(ctx, rows)
}

/** One of its parts, or the newest there is of it. Throws `not_found`, calling it as the caller did. */
export async function tellRelease(
  ctx: Context,
  {
    deployment_id,
    done = false,
    called,
    ...place
  }: Place & { deployment_id: string; done?: boolean; called: string },
): Promise<ToldRelease> {
  const page = { limit: 2, offset: 0 }
  const told = await tellReleases(ctx, { ...place, ids: [deployment_id], ...page })
  const found = told.find(({ part }) => (part === 'done') === done)
  if (!found) throw new DomainError('not_found', { what: 'deployment', id: called })
  return found
}

export function countReleases(
  ctx: Context,
  { project_id, environment_id, ...wanted }: Place & Wanted,
): Promise<number> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  return countToldReleases(ctx.db, { environment_id, ...wanted })
}

/** How many on each day, by how they stand. */
export function countReleaseDays(
  ctx: Context,
  { project_id, environment_id, ...wanted }: Place & Wanted & { from: Date },
): Promise<ReleaseCount[]> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  return countReleasesByDay(ctx.db, { environment_id, ...wanted })
}

/** As the store keeps them, packed: a few times as much when they are read. */
const mostOfEffects = 32 << 20

/** Attribute by attribute what the plans of these releases do. Throws `limit_reached` where that is more than a page. */
export async function tellEffects(
  ctx: Context,
  { project_id, environment_id, plan_ids }: Place & { plan_ids: readonly string[] },
): Promise<EffectInFull[]> {
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  if ((await sizeOfEffects(ctx.db, plan_ids)) > mostOfEffects)
    throw new DomainError('limit_reached', { limit: 'bytes of changes in one answer', most: mostOfEffects })
  return listEffectsInFull(ctx.db, plan_ids)
}

async function inFull({ db }: Context, rows: Row[]): Promise<ToldRelease[]> {
  const plans = [...new Set(rows.flatMap(({ plan_id }) => plan_id ?? []))]
  const ids = [...new Set(rows.map(({ id }) => id))]
  const [effects, items, artifacts] = await Promise.all([
    listToldEffects(db, plans),
    listToldItems(db, ids),
    listToldArtifacts(db, ids),
  ])
  const byPlan = Map.groupBy(effects, ({ plan_id }) => plan_id)
  const byDeployment = Map.groupBy(items, ({ deployment_id }) => deployment_id)
  const brought = Map.groupBy(artifacts, ({ deployment_id }) => deployment_id)
  return rows.map((row) => ({
    ...row,
    artifacts: brought.get(row.id) ?? [],
    effects: (row.plan_id && byPlan.get(row.plan_id)) || [],
    items: byDeployment.get(row.id) ?? [],
  }))
}
