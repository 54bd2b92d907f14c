import { listLiveCandidates, type LiveCandidate } from '#app/candidates/list-live-candidates.ts'
import { listCandidateHeadsBy, pageCandidates, type CandidateHead } from '#app/candidates/page-candidates.ts'
import {
  explainDeployments,
  pageDeployments,
  type DeploymentHead,
} from '#app/deployments/page-deployments.ts'
import type { DeploymentView } from '#app/deployments/deployment-view.ts'
import { listRunUrls } from '#app/dispatches/list-run-urls.ts'
import { listGuards, type Guard } from '#app/environments/list-guards.ts'
import { pageEnvironments, type EnvironmentView } from '#app/environments/page-environments.ts'
import { listEmails } from '#app/identity/list-emails.ts'
import { listPicksOfCandidates, type CandidatePickRow } from '#app/picks/list-picks.ts'
import { listCodeSettings, type CodeSettingsView } from '#app/projects/list-code-settings.ts'
import { pageReleases } from '#app/releases/page-releases.ts'
import type { ReleaseView } from '#app/releases/release-view.ts'
import { grouped, keyed, type Caller } from './caller.ts'
import type { Page } from './connection.ts'

/** Every read of the graph that is not by a node's own id: each for all that ask in one turn, in one statement. */

const named = (what: string, page: object) => `${what} ${JSON.stringify(page)}`

export async function releasesOf(
  caller: Caller,
  project_id: string,
  page: Page<string>,
): Promise<ReleaseView[]> {
  const rows = await caller.load(named('releases', page), project_id, async (ctx, project_ids) =>
    grouped(project_ids, await pageReleases(ctx, { project_ids, ...page }), (row) => row.project_id),
  )
  return rows ?? []
}

export async function environmentsOf(
  caller: Caller,
  project_id: string,
  page: Page<string>,
): Promise<EnvironmentView[]> {
  const rows = await caller.load(named('environments', page), project_id, async (ctx, project_ids) =>
    grouped(project_ids, await pageEnvironments(ctx, { project_ids, ...page }), (row) => row.project_id),
  )
  return rows ?? []
}

export async function candidatesOf(
  caller: Caller,
  release_id: string,
  page: Page<number>,
): Promise<CandidateHead[]> {
  const rows = await caller.load(named('candidates', page), release_id, async (ctx, release_ids) =>
    grouped(release_ids, await pageCandidates(ctx, { release_ids, ...page }), (row) => row.release_id),
  )
  return rows ?? []
}

/** The newest candidate of a release. */
export async function newestOf(caller: Caller, release_id: string): Promise<CandidateHead | undefined> {
  return (await candidatesOf(caller, release_id, { limit: 1, backwards: false }))[0]
}

export async function deploymentsTo(
  caller: Caller,
  environment_id: string,
  page: Page<string>,
): Promise<DeploymentHead[]> {
  const rows = await caller.load(
    named('deployments to', page),
    environment_id,
    async (ctx, environment_ids) =>
      grouped(
        environment_ids,
        await pageDeployments(ctx, { of: { environment_ids }, ...page }),
        (row) => row.environment_id,
      ),
  )
  return rows ?? []
}

export async function deploymentsOf(
  caller: Caller,
  revision_id: string,
  page: Page<string>,
): Promise<DeploymentHead[]> {
  const rows = await caller.load(named('deployments of', page), revision_id, async (ctx, revision_ids) =>
    grouped(
      revision_ids,
      await pageDeployments(ctx, { of: { revision_ids }, ...page }),
      (row) => row.revision_id,
    ),
  )
  return rows ?? []
}

export function candidateOfRevision(caller: Caller, revision_id: string): Promise<CandidateHead | undefined> {
  return caller.load('candidate of revision', revision_id, async (ctx, revision_ids) =>
    keyed(await listCandidateHeadsBy(ctx, { revision_ids }), (row) => row.revision_id!),
  )
}

/** What is live in an environment. */
export function liveIn(caller: Caller, environment_id: string): Promise<LiveCandidate | undefined> {
  return caller.load('live in', environment_id, async (ctx, environment_ids) =>
    keyed(await listLiveCandidates(ctx, { environment_ids }), (row) => row.environment_id),
  )
}

/** What is live in the environments of a project. */
export async function liveOf(caller: Caller, project_id: string): Promise<LiveCandidate[]> {
  const rows = await caller.load('live of', project_id, async (ctx, project_ids) =>
    grouped(project_ids, await listLiveCandidates(ctx, { project_ids }), (row) => row.project_id),
  )
  return rows ?? []
}

export function guardOf(caller: Caller, environment: EnvironmentView): Promise<Guard | undefined> {
  return caller.load('guards', environment, async (ctx, all) => {
    const guards = keyed(await listGuards(ctx, all), (guard) => guard.environment_id)
    return byRow(all, guards)
  })
}

export function settingsOf(caller: Caller, project_id: string): Promise<CodeSettingsView | undefined> {
  return caller.load('settings', project_id, async (ctx, ids) =>
    keyed(await listCodeSettings(ctx, ids), (row) => row.project_id),
  )
}

export function emailOf(caller: Caller, user_id: string): Promise<string | undefined> {
  return caller.load('emails', user_id, listEmails)
}

export function deploymentUrl(caller: Caller, deployment_id: string): Promise<string | undefined> {
  return caller.load('urls of deployments', deployment_id, (ctx, deployment_ids) =>
    listRunUrls(ctx, { deployment_ids }),
  )
}

export function runUrl(caller: Caller, run_id: string): Promise<string | undefined> {
  return caller.load('urls of runs', run_id, (ctx, run_ids) => listRunUrls(ctx, { run_ids }))
}

/** A deployment with what keeps it: its gates are asked together with those of all others that are asked for. */
export function explained(caller: Caller, deployment_id: string): Promise<DeploymentView | undefined> {
  return caller.load('explained', deployment_id, async (ctx, ids) =>
    keyed(await explainDeployments(ctx, ids), (view) => view.id),
  )
}

/** Found by the ids of rows, for the rows. */
function byRow<Row extends { id: string }, V>(
  rows: readonly Row[],
  found: ReadonlyMap<string, V>,
): Map<Row, V> {
  return new Map(rows.flatMap((row) => (found.has(row.id) ? [[row, found.get(row.id)!] as const] : [])))
}

/** What is picked into a candidate, or is in it without. */
export async function picksOf(caller: Caller, candidate_id: string): Promise<CandidatePickRow[]> {
  const rows = await caller.load('picks', candidate_id, async (ctx, ids) =>
    grouped(ids, await listPicksOfCandidates(ctx, ids), (row) => row.candidate_id),
  )
  return rows ?? []
}
