import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freshPlace } from '../fresh-store.ts'
import { startServer, token } from '../server-process.ts'

const rounds = Number(process.env.HEADGATE_RECOVERY_ROUNDS ?? 3)
const root = '/headgate/v1'

interface Said {
  status: number
  code?: string
}

/** Makes the release of this name, under a key of the same name. Undefined where no answer came. */
async function make(url: string, name: string): Promise<Said | undefined> {
  try {
    const response = await fetch(`${url}${root}/projects/site/releases`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': name,
      },
      body: JSON.stringify({ name }),
    })
    const { code } = (await response.json()) as { code?: string }
    return { status: response.status, ...(code && { code }) }
  } catch {
    return undefined
  }
}

async function countOf(url: string, name: string): Promise<number> {
  const response = await fetch(`${url}${root}/projects/site/releases?name=${name}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return ((await response.json()) as { items: unknown[] }).items.length
}

test(`a request with a key is done once, over ${rounds} kill -9 and retries`, async (t: TestContext) => {
  const place = await freshPlace()
  let server = await startServer(place)
  t.after(async () => {
    await server.kill()
    await place.remove()
  })
  for (let round = 0; round < rounds; round += 1) {
    const names: string[] = []
    const answered = new Set<string>()
    let alive = true
    const client = async (n: number) => {
      for (let i = 0; alive; i += 1) {
        const name = `r${round}-c${n}-${i}`
        names.push(name)
        const said = await make(server.url, name)
        if (said?.status === 201) answered.add(name)
      }
    }
    const clients = Array.from({ length: 8 }, (_, n) => client(n))
    // At some moment of somebody's transaction.
    await sleep(300 + Math.random() * 300)
    await server.kill()
    alive = false
    await Promise.all(clients)
    server = await startServer(place)
    for (const name of names.slice(-40)) {
      const said = await make(server.url, name)
      const count = await countOf(server.url, name)
      const what = `${name}: ${JSON.stringify(said)}, ${count} there, ${answered.has(name) ? '' : 'not '}answered before`
      if (said?.status === 201 || said?.code === 'idempotency_key_done') t.assert.equal(count, 1, what)
      // Taken by the dead, and not done: the key is free in half a minute.
      else t.assert.deepEqual([said?.code, count], ['idempotency_key_busy', 0], what)
      if (answered.has(name)) t.assert.equal(said?.status, 201, what)
    }
  }
})
