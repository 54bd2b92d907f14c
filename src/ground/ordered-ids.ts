import { randomFillSync, randomInt } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'

/** Leaves room to count up within a millisecond; the field holds 32 bits. */
const randomStart = 2 ** 30

/**
 * Makes UUIDv7 that sort in the order in which this process made them, also within one millisecond and when the clock
 * is set back.
 */
export function orderedIds(now: () => Date): () => string {
  let msecs = 0
  let seq = 0
  const random = randomBytesAtOnce()
  return () => {
    const time = now().getTime()
    if (time > msecs) {
      msecs = time
      seq = randomInt(randomStart)
    } else {
      seq += 1
    }
    return uuidv7({ msecs, seq, random: random() })
  }
}

const bytesOfId = 16

/** Randomness is asked for by the thousand: each question costs as much as an id. */
function randomBytesAtOnce(): () => Uint8Array {
  const pool = new Uint8Array(bytesOfId * 1024)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += bytesOfId
    return pool.subarray(used - bytesOfId, used)
  }
}
