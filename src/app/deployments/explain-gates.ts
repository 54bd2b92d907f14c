import { DomainError, invalidField } from '#domain/errors.ts'
import { judgeGates, opensAt, type GateFacts, type GateState, type Shut } from '#domain/gates.ts'
import { causeOf } from '#domain/hold.ts'
import { isFinal } from '#domain/lifecycle.ts'
import { misfired } from '#domain/misfire.ts'
import { revisionDigest, scopeOfKind } from '#domain/revision.ts'
import { findDeployment } from '#store/deployment.ts'
import { countAhead } from '#store/deployment-guard.ts'
import { findEnvironment, type EnvironmentRow } from '#store/environment.ts'
import { findProject } from '#store/project.ts'
import { isHeld } from '#store/hold.ts'
import { findNewestReady } from '#store/candidate.ts'
import { listReleaseItems } from '#store/release-item.ts'
import type { ReleaseRow } from '#store/release.ts'
import { listUsersWithRole } from '#store/role-grant.ts'
import { authorize } from '../authorize.ts'
import type { Context } from '../context.ts'
import { placeOf, requireRelease } from '../releases/release-view.ts'
import { placeOfDeployment } from './deployment-view.ts'
import { loadGateFacts, subjectOf, type GateSubject } from './gate-facts.ts'
import { thoughtOf } from './thought-of.ts'

export interface GateQuestion {
  project_id: string
  environment_id: string
  /** A release as it is now, if it were asked for; or a deployment that waits. */
  release_id?: string
  deployment_id?: string
  /** As of this moment; now when left out. What people do until then nobody knows. */
  at?: Date
}

export interface GateAnswer {
  at: Date
  /** Every gate, open ones too. */
  gates: GateState[]
  /** The shut ones. */
  blockers: Shut[]
  /**
   * The first moment from `at` on when all are open; null where somebody's hand is needed, or nobody can tell, or it
   * will have missed its time by then.
   */
  opens_at: string | null
  /** How many deployments are before it in the environment. */
  place: number
  approvals: { needed: number; given: number }
}

interface Asked {
  subject: GateSubject
  turn: number | null
  /** Whether it has missed its time by a moment, and goes no further. */
  missedAt?: (at: Date) => boolean
}

/**
 * Why a release, if it were deployed to an environment, or a deployment that waits, would not start at a moment, who
 * can change that, and when it can start. Throws `not_found`, `invalid` where neither or both are named.
 */
export async function explainGates(ctx: Context, question: GateQuestion): Promise<GateAnswer> {
  const { project_id, environment_id } = question
  authorize(ctx, 'deployment.read', { project_id, environment_id })
  const environment = await findEnvironment(ctx.db, environment_id)
  if (environment?.project_id !== project_id)
    throw new DomainError('not_found', { what: 'environment', id: environment_id })
  const { subject, turn, missedAt } = await subjectIn(ctx, environment, question)
  const now = ctx.now()
  const at = question.at ?? now
  const id = subject.deployment_id
  const [[known], place] = await Promise.all([
    loadGateFacts(ctx.db, [subject], at),
    countAhead(ctx.db, environment_id, { now, turn, ...(id === undefined ? {} : { id }) }),
  ])
  const facts: GateFacts = { ...known!, ahead: place, foreseen: at > now }
  const gates = await nameKeys(ctx, project_id, judgeGates(facts))
  const blockers = gates.flatMap(({ open, ...shut }) => (open ? [] : [shut]))
  const { needed = 0, given = 0 } = facts.approval ?? {}
  const open = opensAt(facts)
  const opens_at = open !== null && missedAt?.(new Date(open)) ? null : open
  return { at, gates, blockers, opens_at, place, approvals: { needed, given } }
}

async function subjectIn(
  ctx: Context,
  environment: EnvironmentRow,
  { release_id, deployment_id }: GateQuestion,
): Promise<Asked> {
  if ((release_id === undefined) === (deployment_id === undefined))
    throw invalidField('query.release', 'required', 'or query.deployment has to be given, and not both')
  return deployment_id === undefined
    ? releaseSubject(ctx, environment, release_id!)
    : deploymentSubject(ctx, environment, deployment_id)
}

async function deploymentSubject(
  ctx: Context,
  { id }: EnvironmentRow,
  deployment_id: string,
): Promise<Asked> {
  const row = await findDeployment(ctx.db, deployment_id)
  if (row?.environment_id !== id)
    throw new DomainError('not_found', { what: 'deployment', id: deployment_id })
  authorize(ctx, 'deployment.read', placeOfDeployment(row))
  if (isFinal(row.state))
    throw new DomainError('not_possible_now', {
      what: 'deployment',
      id: deployment_id,
      state: row.state,
      action: 'be asked what it waits for',
    })
  const { state, due_at, misfire } = row
  const missedAt = (at: Date) => state === 'requested' && due_at !== null && misfired(misfire, due_at, at)
  return { subject: subjectOf(row), turn: row.turn, missedAt }
}

/** As if the caller asked for it. */
async function releaseSubject(ctx: Context, environment: EnvironmentRow, release_id: string): Promise<Asked> {
  const { project_id } = environment
  const [release, held] = await Promise.all([
    requireRelease(ctx.db, project_id, release_id),
    isHeld(ctx.db, environment.id),
  ])
  authorize(ctx, 'deployment.read', { ...placeOf(release), environment_id: environment.id })
  // What it holds matters only where something compares it.
  const compared = held || environment.requires_parent
  const pinned = (await candidateOf(ctx, release)) ?? (await asItIs(ctx, release, compared))
  const [subject] = await thoughtOf(
    ctx,
    ctx.db,
    { release, environments: [environment] },
    {
      ...pinned,
      selected_keys: null,
      cause: causeOf({ principal: ctx.principal, scheduled: false }),
      due_at: null,
      rolls_back: false,
      dry_run: false,
    },
  )
  return { subject: subject!, turn: null }
}

/** Of code, which knows no branches, its newest candidate that is ready. */
async function candidateOf(ctx: Context, { id, branch }: ReleaseRow) {
  const revision = branch === null ? await findNewestReady(ctx.db, id) : undefined
  return revision && { revision_id: revision.id, revision_digest: revision.digest }
}

async function asItIs(ctx: Context, { id, project_id }: ReleaseRow, compared: boolean) {
  const items = compared ? await listReleaseItems(ctx.db, id) : []
  const project = compared ? await findProject(ctx.db, project_id) : undefined
  return { items, revision_digest: revisionDigest(scopeOfKind(project?.kind ?? 'content'), items) }
}

/** Gates that approvers and admins open, and nobody else. */
const approversKeys: readonly string[] = ['lock', 'freeze', 'hold', 'parent', 'pick', 'approval']
const mostNamed = 5

/** Says by name who can open what is shut, as far as a few names go. */
async function nameKeys(ctx: Context, project_id: string, gates: GateState[]): Promise<GateState[]> {
  if (!gates.some(({ open, code }) => !open && approversKeys.includes(code))) return gates
  const found = await listUsersWithRole(ctx.db, project_id, ['approver', 'admin'], mostNamed + 1)
  if (found.length === 0) return gates
  const more = found.length > mostNamed ? ' and others' : ''
  const named = ` (${found.slice(0, mostNamed).join(', ')}${more})`
  return gates.map((gate) =>
    !gate.open && approversKeys.includes(gate.code) ? { ...gate, who: `${gate.who}${named}` } : gate,
  )
}
