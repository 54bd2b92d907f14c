/** What one person said of one plan. */
export interface Voice {
  user_id: string
  plan_digest: string
  verdict: 'approved' | 'rejected'
}

/** Those who approved this very plan: each counts once, and the author never. */
export function approversOf(
  voices: readonly Voice[],
  { plan_digest, author }: { plan_digest: string | null; author: string | null },
): string[] {
  const given = voices.filter(
    (voice) => voice.verdict === 'approved' && voice.plan_digest === plan_digest && voice.user_id !== author,
  )
  return [...new Set(given.map(({ user_id }) => user_id))]
}

/** Why somebody's voice does not count, in a sentence about them; undefined where it does. */
export function cannotApprove(
  principal: { kind: 'user' | 'service' | 'agent'; user_id: string | null; name: string } | null,
  author: string | null,
): string | undefined {
  if (principal === null) return 'Headgate itself approves nothing.'
  if (principal.kind === 'agent') return `${principal.name} is an agent, and agents never approve.`
  if (principal.user_id === null)
    return `${principal.name} belongs to nobody, and an approval has to be a person's.`
  if (principal.user_id === author)
    return `${principal.name} asked for this deployment; somebody else has to approve it.`
  return undefined
}
