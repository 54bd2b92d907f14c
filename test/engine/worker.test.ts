import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { startWorker } from '#engine/worker.ts'
import { signal } from './wait-for.ts'
import { waitUntil } from './wait-until.ts'

type Boss = Parameters<typeof startWorker>[0]['boss']

/** A queue with one job, whose heartbeats can be kept from arriving. */
function queueOfOne() {
  const done: string[] = []
  const queue = {
    jobs: [{ id: 'one', data: { n: 1 } }],
    silent: false,
    completed: done,
    failed: [] as string[],
  }
  const boss = {
    fetch: async () => queue.jobs.splice(0),
    touch: async () => {
      if (queue.silent) throw new Error('the store does not answer')
      return { affected: 1 }
    },
    complete: async (_name: string, ids: string[]) => void queue.completed.push(...ids),
    fail: async (_name: string, ids: string | string[]) => void queue.failed.push(...[ids].flat()),
  }
  return { ...queue, queue, boss: boss as unknown as Boss }
}

const logger = pino({ level: 'silent' })

test('a job whose heartbeat could not be left in time is told so, and neither settled nor put back', async (t: TestContext) => {
  const { queue, boss } = queueOfOne()
  queue.silent = true
  let told: unknown
  const goOn = signal()
  const worker = startWorker({
    ...{ boss, name: 'x', most: 1, logger, leaseMs: 500 },
    async handle(_data, lost) {
      await waitUntil(() => lost.aborted)
      told = lost.reason
      await goOn.promise
    },
  })
  await waitUntil(() => told !== undefined)
  t.assert.strictEqual(told, 'lost')
  // It is somebody else's by now, and the store answers again.
  queue.silent = false
  await sleep(2500)
  goOn.give()
  await sleep(50)
  await worker.stop(100)
  t.assert.deepStrictEqual([queue.completed, queue.failed], [[], []])
})

test('a job whose heartbeats arrive is settled, however long it takes', async (t: TestContext) => {
  const { queue, boss } = queueOfOne()
  const worker = startWorker({
    ...{ boss, name: 'x', most: 1, logger, leaseMs: 2500 },
    handle: () => sleep(4500),
  })
  await waitUntil(() => queue.completed.length > 0)
  await worker.stop(100)
  t.assert.deepStrictEqual(queue.completed, ['one'])
})

test('a stop asks what does not end by itself to end, and hands over what does not', async (t: TestContext) => {
  const { queue, boss } = queueOfOne()
  const reasons: unknown[] = []
  const worker = startWorker({
    ...{ boss, name: 'x', most: 1, logger },
    handle: (_data, lost) =>
      new Promise(() => lost.addEventListener('abort', () => reasons.push(lost.reason), { once: true })),
  })
  await waitUntil(() => queue.jobs.length === 0)
  await worker.stop(200)
  t.assert.deepStrictEqual([reasons, queue.failed], [['stopping'], ['one']])
})
