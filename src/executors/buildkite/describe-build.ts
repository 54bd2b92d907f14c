import { showId } from '#domain/ids.ts'
import { factsOf, fillFacts } from '#domain/order-facts.ts'
import type { Order, OrderVocabulary } from '#executors/contract.ts'
import { orderVariables } from '#executors/order-variables.ts'
import type { BuildkiteSettings } from './api.ts'

/** By this a build is found again, and its messages are known by it. */
export const metaKey = 'headgate_dispatch'

/** What a build is made from ("Create a build"). What headgate.yaml says wins. */
export function describeBuild(order: Order, branch: string, vocabulary: OrderVocabulary): object {
  const { parameters = {} } = order.settings as unknown as BuildkiteSettings
  const id = showId(order.kind === 'deployment' ? 'deployment' : 'run', order.subject_id)
  const facts = factsOf(order, id)
  return {
    commit: order.candidate?.commit_sha ?? 'HEAD',
    branch,
    message: messageOf(order),
    env: {
      ...vocabulary.variables(order),
      ...orderVariables(order),
      ...Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, fillFacts(text, facts)])),
      HEADGATE_DISPATCH_ID: order.dispatch_id,
    },
    meta_data: {
      [metaKey]: order.dispatch_id,
      [order.kind === 'deployment' ? 'headgate_deployment' : 'headgate_run']: id,
    },
  }
}

function messageOf({ kind, candidate, release, project, environment }: Order): string {
  const what = candidate ? candidate.version : release ? release.name : project.key
  if (kind !== 'deployment') return `${kind === 'build' ? 'Build' : 'Run'} ${what}`
  return `Deploy ${what}${environment ? ` to ${environment.name}` : ''}`
}
