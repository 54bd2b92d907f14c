import { approversOf } from '#domain/approval.ts'
import type { GateFacts } from '#domain/gates.ts'
import type { Cause } from '#domain/hold.ts'
import type { PinnedItem } from '#domain/item.ts'
import type { Db } from '#store/database.ts'
import type { NamedDeployment } from '#store/deployment.ts'
import { findGateRows, type PickSubject } from '#store/gate-rows.ts'
import { listUnproven } from '#store/unproven.ts'
import { knownFreezes } from '../freezes/known-freezes.ts'

/** What gates are asked about: a deployment, or one that is only thought of. */
export interface GateSubject {
  /** The deployment's id; undefined for one that is only thought of. */
  deployment_id?: string
  project_id: string
  environment_id: string
  environment_name: string
  requires_parent: boolean
  environment_parent_id: string | null
  approvals_needed: number
  /** Why its plan asks for approval itself, where it does. */
  approval_reason?: string | null
  release_name: string
  release_lock: 'user' | 'deployment' | null
  release_locked_by: string | null
  release_lock_reason: string | null
  /** Undefined where its revision is not made yet; then `items` say what it would hold. */
  revision_id?: string
  items?: readonly PinnedItem[]
  revision_digest: string
  selected_keys: readonly string[] | null
  cause: Cause
  due_at: Date | null
  rolls_back: boolean
  /** Changes nothing: it passes whatever guards the environment. */
  dry_run: boolean
  plan_digest: string | null
  requested_by: string | null
  approval_expires_at: Date | null
}

/** The one place where the row of a deployment becomes what its gates are asked about. */
export function subjectOf(row: NamedDeployment): GateSubject {
  return {
    ...row,
    deployment_id: row.id,
    rolls_back: row.rolls_back !== null,
  }
}

/**
 * What the gates look at, for each subject in its place. However many there are, it is one statement, and another one
 * where a parent is required, for what is live there.
 */
export async function loadGateFacts(
  db: Db,
  subjects: readonly GateSubject[],
  now: Date,
): Promise<GateFacts[]> {
  if (subjects.length === 0) return []
  const environments = [...new Set(subjects.map(({ environment_id }) => environment_id))]
  const known = subjects.flatMap(({ deployment_id }) => deployment_id ?? [])
  const rows = await findGateRows(db, environments, known, now, pickSubjects(subjects))
  const freezes = await knownFreezes(db, rows.freeze_ids)
  const holds = new Map(rows.holds.map((one) => [one.environment_id, one]))
  const unproven = new Map((await lackingOf(db, subjects)).map((one) => [one.ref, one]))
  const picks = new Map(rows.picks.map((one) => [one.ref, one]))
  return subjects.map((subject, index): GateFacts => {
    const { deployment_id, environment_id, project_id } = subject
    const held = holds.get(environment_id)
    const mine = <T extends { deployment_id: string }>(all: readonly T[]) =>
      all.filter((row) => row.deployment_id === deployment_id)
    return {
      ...factsOf(subject, now),
      freezes: subject.dry_run ? [] : freezes({ project_id, environment_id }),
      hold:
        held && !subject.dry_run
          ? { ...held, names_it: held.digests.includes(subject.revision_digest) }
          : null,
      parent: parentOf(subject, unproven.get(String(index))),
      picks: picks.get(String(index)) ?? null,
      approval: asksForApproval(subject)
        ? {
            needed: subject.approvals_needed,
            given: approversOf(mine(rows.voices), { ...subject, author: subject.requested_by }).length,
            expires_at: subject.approval_expires_at,
            reason: subject.approval_reason ?? null,
          }
        : null,
      overridden: mine(rows.overrides).map(({ gate }) => gate),
    }
  })
}

function factsOf(subject: GateSubject, now: Date): GateFacts {
  const { due_at, release_name, release_lock, release_locked_by, release_lock_reason } = subject
  const { cause, rolls_back } = subject
  return {
    now,
    due_at,
    release: {
      name: release_name,
      lock: release_lock,
      locked_by: release_locked_by,
      reason: release_lock_reason,
    },
    environment: subject.environment_name,
    cause,
    rolls_back,
  }
}

function asksForApproval({ approvals_needed, dry_run }: GateSubject): boolean {
  return approvals_needed > 0 && !dry_run
}

/** Those that may lack what was picked into what is live, by their place among the subjects. */
function pickSubjects(subjects: readonly GateSubject[]): PickSubject[] {
  return subjects.flatMap(({ project_id, environment_id, revision_digest, dry_run, rolls_back }, index) =>
    dry_run || rolls_back ? [] : { ref: String(index), project_id, environment_id, digest: revision_digest },
  )
}

/** Those that are to be proven in a parent, and are not, by their place among the subjects. */
function lackingOf(db: Db, subjects: readonly GateSubject[]) {
  return listUnproven(
    db,
    subjects.flatMap((subject, index) => {
      const { environment_parent_id: parent_id, dry_run, revision_id, items, selected_keys } = subject
      if (!subject.requires_parent || parent_id === null || dry_run) return []
      return {
        ref: String(index),
        parent_id,
        digest: subject.revision_digest,
        selected_keys,
        ...(revision_id === undefined ? { items: items ?? [] } : { revision_id }),
      }
    }),
  )
}

function parentOf(
  { requires_parent, environment_parent_id, dry_run }: GateSubject,
  lacking: Awaited<ReturnType<typeof listUnproven>>[number] | undefined,
): GateFacts['parent'] {
  if (!requires_parent || dry_run) return null
  if (environment_parent_id === null) return 'gone'
  const { parent_name: name = 'its parent', missing = 0, of = 0, some = [], source = null } = lacking ?? {}
  return { name, missing, of, some, source }
}
