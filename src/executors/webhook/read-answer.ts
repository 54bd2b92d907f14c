import { clean } from '#ground/lines.ts'
import type { Outcome } from '#ground/outbound.ts'

export type Verdict = { saying: string } & (
  | { kind: 'taken'; status_url: string | undefined }
  /** For good. `untouched`: the receiver did not take it, so that nothing can be half done. */
  | { kind: 'refused'; code: string; untouched: boolean }
  /** For now. `unknown`: it may have arrived all the same. */
  | { kind: 'later'; after_seconds: number | undefined; unknown: boolean }
)

/** What the answer to a dispatch means. 2xx takes it, 410 and other refusals are final, 429 and 5xx are for now. */
export function readAnswer(outcome: Outcome, url: string): Verdict {
  // The path may be a secret, and whoever may look at a deployment reads this.
  const at = new URL(url).origin
  if ('refused' in outcome)
    return refused('address_refused', `${at} must not be called: ${outcome.refused}`, true)
  if ('failed' in outcome)
    return {
      kind: 'later',
      saying: `${at} did not answer: ${outcome.failed}`,
      after_seconds: undefined,
      unknown: true,
    }
  const { status, ok, retry_after_seconds, redirect_to, body } = outcome
  if (ok) return { kind: 'taken', saying: `${at} took it (${status})`, status_url: statusUrlOf(body, url) }
  if (redirect_to !== undefined || (status >= 300 && status < 400))
    return refused(
      'redirect_refused',
      `${at} answered with a redirect (${status}), which is not followed`,
      true,
    )
  if (status === 410) return refused('gone', `${at} is gone for good (410)`, true)
  if (status === 408 || status === 429 || status >= 500)
    return {
      kind: 'later',
      saying: `${at} could not take it now (${status})`,
      after_seconds: retry_after_seconds,
      // Both say that they did nothing; others may have broken in the middle.
      unknown: status !== 429 && status !== 503,
    }
  return refused(
    'receiver_refused',
    `${at} refused it (${status}): ${excerptOf(body) || 'no reason given'}`,
    true,
  )
}

/** On one line, and without what the store would not take. */
const excerptOf = (body: string) => clean(body.replaceAll(/\s+/g, ' ').slice(0, 300)).trim()

function refused(code: string, saying: string, untouched: boolean): Verdict {
  return { kind: 'refused', code, saying, untouched }
}

/** `{ "status_url": … }` on the same origin: the receiver must not send us anywhere else. */
function statusUrlOf(body: string, url: string): string | undefined {
  try {
    const said: unknown = JSON.parse(body)
    if (said === null || typeof said !== 'object' || !('status_url' in said)) return undefined
    const { status_url } = said
    if (typeof status_url !== 'string' || status_url.length > 2000) return undefined
    const found = new URL(status_url, url)
    return found.origin === new URL(url).origin ? found.href : undefined
  } catch {
    return undefined
  }
}
