import type { ToldItem, ToldRelease } from '#app/infra/tell-releases.ts'
import { botIdOf, idOf } from '../ids.ts'
import { ended, statusWord } from '../status.ts'
import type { DeploymentLog, QueuedRelease } from '../wire/deployment.ts'
import { backNote } from '../words.ts'
import { writeChanges } from './changes.ts'
import { writeFinding, writeResult } from './finding.ts'
import { isRollback, releaseTypeOf } from './release-type.ts'
import { resourceOf } from './resource.ts'

/** A release, or the half of one that was agreed to, as the vendor logs it (section 2.3). */
export function writeLog(told: ToldRelease): DeploymentLog {
  const { part, findings } = told
  const status = statusWord(told)
  const finished = finishedAt(told)
  const started = part === 'done' ? told.reviewed_at : told.started_at
  const created = (part === 'done' ? told.reviewed_at : null) ?? told.requested_at
  const id = part === 'done' ? botIdOf(told.id) : idOf(told.id)
  return {
    ...{ id, codebuildId: id, status, releaseType: releaseTypeOf(told) },
    ...optional('description', descriptionOf(told)),
    createdOn: created.toISOString(),
    ...(finished ? timesOf(finished, started ?? created) : {}),
    changesApplied: writeChanges(told),
    appDeployments:
      part === 'asked' ? [] : told.artifacts.map(({ name, uri }) => ({ appName: name, artifact: uri })),
    migrationScriptsRun: [],
    errorLogs: errorsOf(told),
    deploymentType: isRollback(told) ? 'ROLLBACK' : 'REGULAR',
    ...optional('stackVersion', told.source_commit ?? told.blueprint_digest),
    ...{ signedOff: told.signed_off, triggeredBy: told.requested_by ?? '' },
    ...{ overrideBuildSteps: [], integrationTest: false, withRefresh: told.refresh },
    ...{ isDestroy: releaseTypeOf(told) === 'DESTROY', allowDestroy: told.allow_destroy },
    forceRelease: told.forced,
    validationResult: writeResult(findings ?? []),
    validationResponses: (findings ?? []).map(writeFinding),
    ...optional('releaseComment', told.reason),
    hotfixResources: (told.selected_keys ?? []).map(resourceOf),
    labelIds: [],
    ...optional('releaseReviewedBy', told.reviewed_by),
    ...(part === 'asked' ? { approvedReleaseId: botIdOf(told.id) } : {}),
    ...optional('releaseTraceId', told.trace_id),
    ...optional('rollbackDeploymentId', goesBackTo(told)),
    parallelRelease: false,
  }
}

/** The vendor's entry in the queue (section 2.3). */
export function writeQueued(told: ToldRelease, clusterId: string): QueuedRelease {
  return {
    ...{ id: idOf(told.id), clusterId, releaseType: releaseTypeOf(told) },
    hotfixResources: (told.selected_keys ?? []).map(resourceOf),
    ...{ withRefresh: told.refresh, forceRelease: told.forced, allowDestroy: told.allow_destroy },
    ...optional('comment', told.reason),
    ...{ overrideBuildSteps: [], canQueue: told.when_busy === 'wait', triggeredBy: told.requested_by ?? '' },
    creationDate: told.requested_at.toISOString(),
    ...optional('releaseTraceId', told.trace_id),
    ...{ skipStateCheck: false, parallelRelease: false },
  }
}

/** Of a whole environment, or of one resource: of which the plan was noted. */
function goesBackTo({ rolls_back, annotations }: ToldRelease): string | null {
  const noted = annotations[backNote]
  if (rolls_back !== null) return idOf(rolls_back)
  return typeof noted === 'string' ? noted : null
}

function optional<K extends string>(name: K, value: string | null): { [N in K]?: string } {
  return (value === null ? {} : { [name]: value }) as { [N in K]?: string }
}

/** What was asked for is over once somebody agreed to it. */
function finishedAt(told: ToldRelease): Date | null {
  if (told.part === 'asked') return told.reviewed_at
  return ended.includes(statusWord(told)) ? told.finished_at : null
}

function timesOf(finished: Date, since: Date) {
  const took = Math.max(0, Math.floor((finished.getTime() - since.getTime()) / 1000))
  return { finishedOn: finished.toISOString(), timeTakenInSeconds: took }
}

function descriptionOf(told: ToldRelease): string | null {
  const { state, part, failure_detail, approval_reason } = told
  if (part === 'asked') return 'Approved; applied by Bot'
  if (state === 'unchanged') return 'No difference'
  if (state === 'awaiting_approval') return approval_reason ?? 'Waits for approval'
  return failure_detail
}

/** The whole of it first, then each resource of which there is more to say. */
function errorsOf({ part, state, failure_code, failure_detail, items }: ToldRelease) {
  if (part === 'asked' || failure_code === null) return []
  const whole = {
    errorMessage: failure_detail ?? failure_code,
    description: plain(failure_code),
    ...(resolutions[failure_code] ? { resolution: resolutions[failure_code] } : {}),
  }
  if (state === 'invalid') return [whole]
  // What the whole has said of a resource is not said again.
  const unsaid = ({ reason }: ToldItem) => reason === null || !failure_detail?.includes(reason)
  const failed = items.filter((item) => item.outcome === 'failed' && item.code !== null && unsaid(item))
  return [whole, ...failed.map(itemError)]
}

function itemError({ item_key, code, reason }: ToldItem) {
  return { errorMessage: `${item_key}: ${reason ?? plain(code!)}`, description: plain(code!) }
}

function plain(code: string): string {
  return code.replaceAll('_', ' ')
}

/** What somebody can do about it. */
const resolutions: Readonly<Record<string, string>> = {
  destroy_not_allowed: 'Release again with allowDestroy=true, if it may go.',
  plan_stale: 'Make a new plan, and apply that one.',
  plan_lost: 'Make a new plan, and apply that one.',
  terraform_missing:
    'Put terraform or tofu on the PATH of Headgate, or name it as the binary of the cluster.',
  hook_refused: 'The log says what the hook of the blueprint said.',
  hook_failed: 'The log says what the hook of the blueprint said.',
  apply_failed:
    'The log says what Terraform said; what was done stays, and the next release goes on from there.',
  state_locked: 'Unlock the state with PUT …/deployments/unlock?lockId=, once nobody works on it any more.',
  state_not_saved: 'Post the state that was kept, by POST …/state/rescue of Headgate’s own API.',
  state_not_posted: 'Post the state that was kept, by POST …/state/rescue of Headgate’s own API.',
  blueprint_invalid: 'Correct the blueprint where validationResponses say so, and release again.',
}
