import { inForceAt, readable, thawsAt, type Freeze } from './freeze.ts'
import type { Cause, Hold } from './hold.ts'
import { sayUnproven, type LackingProof } from './lacking-proof.ts'

/** A reason why a deployment may not start. In the order in which they are asked. */
export const gateCodes = ['schedule', 'lock', 'freeze', 'hold', 'parent', 'pick', 'approval', 'busy'] as const
export type GateCode = (typeof gateCodes)[number]

/** What somebody with the right can set aside for one deployment, with a reason. */
export const overridable = ['lock', 'freeze', 'hold', 'parent', 'pick', 'approval'] as const
export type OverridableGate = (typeof overridable)[number]

/** A gate that is shut: why, who can open it, and when it opens by itself at the earliest (ISO 8601), if ever. */
export interface Shut {
  code: GateCode
  detail: string
  who: string
  opens_at: string | null
}

/** A gate, shut or open; an open one says why it is. */
export interface GateState extends Shut {
  open: boolean
}

/** All that the gates look at. What is left out has nothing to say. */
export interface GateFacts {
  now: Date
  due_at: Date | null
  release: {
    name: string
    lock: 'user' | 'deployment' | null
    locked_by: string | null
    /** Why it was locked. */
    reason?: string | null
  }
  /** The environment's name. */
  environment?: string
  cause?: Cause
  /** A rollback passes every hold. */
  rolls_back?: boolean
  /** Those that are set on the environment or its project, in force or not. */
  freezes?: readonly Freeze[]
  /** `names_it`: whether it names what is to be deployed. */
  hold?: (Hold & { names_it: boolean }) | null
  /** What the parent environment lacks of it; null where no parent is asked, `gone` where it was removed. */
  parent?: LackingProof | 'gone' | null
  /** What was picked and is live there, which the candidate to be deployed does not have; null where it has all. */
  picks?: LackingPicks | null
  /** Null while it has no plan to agree to, or nobody needs to. */
  approval?: { needed: number; given: number; expires_at: Date | null; reason?: string | null } | null
  /** How many deployments are before it in the environment. */
  ahead?: number
  /** It is asked about a moment to come, when those that are ahead now may be over. */
  foreseen?: boolean
  overridden?: readonly string[]
}

/** What was picked somewhere and is in `live`, and is not in what is to be deployed. */
export interface LackingPicks {
  /** The candidate that is live: `1.2.0-rc2`. */
  live: string
  missing: number
  /** The first few of them. */
  some: readonly { pull_request: number | null; title: string; commit: string }[]
}

type Verdict = Omit<Shut, 'code'> | string

/** Says why it is shut, or in a sentence why it is open. */
type Gate = (facts: GateFacts) => Verdict

/** Its time has not come. */
const schedule: Gate = ({ now, due_at }) =>
  due_at && due_at > now
    ? {
        detail: `It is scheduled for ${due_at.toISOString()}.`,
        who: 'whoever requested it can cancel and request it anew',
        opens_at: due_at.toISOString(),
      }
    : due_at
      ? `Its time came at ${due_at.toISOString()}.`
      : 'It is not scheduled for a later time.'

/** Only a user's lock is a gate; the lock that a deployment leaves behind is not. */
const lock: Gate = ({ release }) =>
  release.lock === 'user'
    ? {
        detail: `Release ${release.name} was locked by ${release.locked_by ?? 'somebody'}${release.reason ? `: ${sentence(release.reason)}` : '.'}`,
        who: 'an approver or an admin can unlock the release',
        opens_at: null,
      }
    : 'No user has locked the release.'

const freeze: Gate = ({ now, freezes = [], environment = '' }) => {
  const force = inForceAt(freezes, now)
  if (force.length === 0) return `No freeze is in force on ${environment}.`
  const opens = thawsAt(freezes, now)
  const said = force.slice(0, 3).map(({ freeze: one, until }) => sayFreeze(one, until))
  const more = force.length > 3 ? ` ${force.length - 3} more freezes are in force.` : ''
  const last = opens ? ` Nothing is frozen from ${opens.toISOString()} on.` : ''
  const chain = opens && force.some(({ until }) => until !== opens.getTime()) ? last : ''
  return {
    detail: `Environment ${environment} is frozen. ${said.join(' ')}${more}${chain}`,
    who: 'an approver or an admin can lift the freeze, or override it for this deployment with a reason',
    opens_at: opens?.toISOString() ?? null,
  }
}

function sayFreeze({ name, rule, reason, set_by }: Freeze, until: number | null): string {
  const end = until === null ? '' : ` until ${readable(until, rule?.time_zone)}`
  const why = reason ? `: ${sentence(reason)}` : '.'
  const endless =
    until !== null ? '' : rule ? ' It does not end within a year.' : ' It ends when it is lifted.'
  if (rule) return `Freeze ${name} is in force${end}${why}${endless}`
  return `An emergency stop (${name}) was set by ${set_by ?? 'Headgate'}${end}${why}${endless}`
}

const hold: Gate = ({ hold: held, cause = 'person', rolls_back, environment = 'the environment' }) => {
  if (!held) return `Nothing holds ${environment}.`
  if (rolls_back) return 'A rollback passes every hold.'
  const by = `Environment ${environment} is held since ${readable(held.created_at)}, when ${held.set_by ?? 'Headgate'} rolled back there`
  const since = held.reason ? `${by}: ${sentence(held.reason)}` : `${by}.`
  const who = 'an approver or an admin can release the hold, or override it for this deployment with a reason'
  if (held.names_it) return { detail: `${since} This is what was rolled back from.`, who, opens_at: null }
  if (cause === 'person') return 'The hold does not name this, and a person asked for it.'
  return {
    detail: `${since} Nothing comes in by itself meanwhile, and ${causes[cause]}.`,
    who,
    opens_at: null,
  }
}

const causes: Record<Exclude<Cause, 'person'>, string> = {
  schedule: 'this was scheduled',
  agent: 'an agent asked for this',
  automation: 'Headgate itself asked for this',
}

/** A parent is an order only, until the environment requires it. */
const parent: Gate = ({ parent: above }) => {
  if (!above) return 'It has to be proven nowhere else before.'
  if (above === 'gone')
    return {
      detail: 'The environment in which it had to be proven is gone.',
      who: 'an admin can give the environment another parent; an approver or an admin can override it with a reason',
      opens_at: null,
    }
  const { name, missing, source } = above
  if (missing === 0 && !source) return `It is proven in ${name}.`
  return {
    detail: `It has not been proven in ${name}: ${sayUnproven(above)}.`,
    who: `deploying it to ${name} opens it; an approver or an admin can override it with a reason`,
    opens_at: null,
  }
}

/** A fix that is live is not taken away by whatever comes after it. */
const pick: Gate = ({ picks, rolls_back, environment = 'the environment' }) => {
  if (rolls_back) return 'A rollback may take picks away.'
  if (!picks || picks.missing === 0) return `It has all that was picked into what is live in ${environment}.`
  const { live, missing, some } = picks
  const named = some.map(sayPick).join(', ')
  const rest = missing > some.length ? ` and ${missing - some.length} more` : ''
  return {
    detail: `It lacks what was picked and is live in ${environment} with ${live}: ${named}${rest}.`,
    who: 'picking that into this release too opens it; an approver or an admin can override it with a reason',
    opens_at: null,
  }
}

function sayPick({ pull_request, title, commit }: LackingPicks['some'][number]): string {
  const what = pull_request === null ? `commit ${commit.slice(0, 10)}` : `PR #${pull_request}`
  return title === '' ? what : `${what} “${title}”`
}

const approval: Gate = ({ approval: asked }) => {
  if (!asked || asked.needed === 0) return 'Nobody has to approve it.'
  const { needed, given, expires_at, reason } = asked
  if (given >= needed) return `${given} of ${needed} approvals are there.`
  const until = expires_at ? ` It is waited for until ${expires_at.toISOString()}.` : ''
  return {
    detail: `${given} of ${needed} approvals are there.${reason ? ` ${sentence(reason)}` : ''}${until}`,
    who: 'an approver or an admin who did not ask for it can approve its plan, and no agent can',
    opens_at: null,
  }
}

const busy: Gate = ({ ahead = 0, foreseen = false, environment = 'the environment' }) =>
  ahead === 0
    ? `No other deployment to ${environment} is under way.`
    : foreseen
      ? `Of the deployments to ${environment} that are not over now (${ahead}), nobody knows how long they take.`
      : {
          detail:
            ahead === 1
              ? `A deployment to ${environment} is not over yet.`
              : `${ahead} deployments to ${environment} are not over yet.`,
          who: 'it opens when that deployment ends or is canceled',
          opens_at: null,
        }

const gates: Record<GateCode, Gate> = {
  schedule,
  lock,
  freeze,
  hold,
  parent,
  pick,
  approval,
  busy,
}

function sentence(text: string): string {
  return /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
}

/** Every gate, shut or open, in the order in which they are asked. */
export function judgeGates(facts: GateFacts): GateState[] {
  return gateCodes.map((code) => {
    const verdict = gates[code](facts)
    if (typeof verdict === 'string') return { code, open: true, detail: verdict, who: '', opens_at: null }
    if (facts.overridden?.includes(code))
      return { code, open: true, ...verdict, detail: `It was overridden. ${verdict.detail}`, opens_at: null }
    return { code, open: false, ...verdict }
  })
}

/** Every gate that is shut. An empty list lets the deployment through. */
export function evaluateGates(facts: GateFacts): Shut[] {
  return judgeGates(facts).flatMap(({ open, ...shut }) => (open ? [] : [shut]))
}

/** The shut ones of those that need no plan: what keeps a deployment from being planned. */
export function blocksStart(facts: GateFacts): Shut[] {
  return evaluateGates({ ...facts, approval: null, ahead: 0 })
}

/** The shut ones of all but the queue, which is behind it: what keeps a plan from being applied. */
export function blocksApplying(facts: GateFacts): Shut[] {
  return evaluateGates({ ...facts, ahead: 0 })
}

/**
 * The earliest time at which all of them can be open, or null when some open only by somebody's hand. Right where each
 * stays open once it has opened, as all but freezes do, and several freezes are one gate.
 */
export function earliest(blockers: readonly Shut[]): string | null {
  let latest: string | null = null
  for (const { opens_at } of blockers) {
    if (opens_at === null) return null
    if (latest === null || opens_at > latest) latest = opens_at
  }
  return latest
}

/** When the first of these gates opens by itself; undefined where none does. */
export function soonestOpening(shut: readonly (readonly Shut[])[]): Date | undefined {
  const times = shut.flat().flatMap(({ opens_at }) => (opens_at === null ? [] : [Date.parse(opens_at)]))
  return times.length === 0 ? undefined : new Date(Math.min(...times))
}

/** How often a gate may shut while another is waited for, before nobody looks further. */
const mostSteps = 100

/**
 * The first moment from `now` on when every gate is open, though a freeze may begin before a schedule's time; null
 * where somebody's hand is needed, or nobody can tell.
 */
export function opensAt(facts: GateFacts): string | null {
  let now = facts.now
  for (let step = 0; step < mostSteps; step += 1) {
    const shut = evaluateGates({ ...facts, now })
    if (shut.length === 0) return now.toISOString()
    const next = earliest(shut)
    if (next === null) return null
    now = new Date(next)
  }
  return null
}
