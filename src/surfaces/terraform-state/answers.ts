import type { FastifyReply } from 'fastify'
import type { LockOutcome } from '#app/state/lock-state.ts'
import type { UnlockOutcome } from '#app/state/unlock-state.ts'
import type { WriteOutcome } from '#app/state/write-state.ts'

/** Terraform reads the holder's LockInfo from a 423, and from nothing else. */
export function sayLock(reply: FastifyReply, outcome: LockOutcome): FastifyReply {
  return outcome.held ? reply.code(200).send() : sayHeld(reply, outcome.info)
}

export function sayWrite(reply: FastifyReply, outcome: WriteOutcome): FastifyReply {
  if (outcome.written) return reply.code(200).header('etag', `"${outcome.version}"`).send()
  const { detail, info } = outcome
  return info === undefined ? sayPlainly(reply, 409, detail) : sayHeld(reply, info)
}

export function sayUnlock(reply: FastifyReply, outcome: UnlockOutcome): FastifyReply {
  if (outcome.unlocked) return reply.code(200).send()
  const detail =
    outcome.because === 'unnamed'
      ? 'A lock is let go of by its id, and none came along: `terraform force-unlock` sends none. Unlock the state in Headgate, by the id of the lock that is held.'
      : 'Another lock is held than this one, or by somebody else.'
  return sayPlainly(reply, 409, detail)
}

function sayHeld(reply: FastifyReply, info: string): FastifyReply {
  return reply.code(423).type('application/json').send(Buffer.from(info))
}

export function sayPlainly(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').serializer(String).send(`${detail}\n`)
}
