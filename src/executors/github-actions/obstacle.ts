import type { Reply } from './api.ts'

/** What stands in the way: for good, or for now. */
export type Obstacle = { refused: string } | { seconds: number | undefined; saying: string }

/** `what`: what GitHub was asked about. */
export function obstacle(reply: Exclude<Reply, { kind: 'done' }>, what: string): Obstacle {
  const saying = `GitHub on ${what}: ${reply.saying}`
  return reply.kind === 'refused' ? { refused: saying } : { seconds: reply.seconds, saying }
}
