import { call, Refused, type Acknowledged } from './client.ts'
import { environments } from '../server-process.ts'

const v1 = '/headgate/v1'

const articleType = {
  title: 'Article',
  uid: 'article',
  options: {},
  schema: [
    {
      display_name: 'Title',
      uid: 'title',
      data_type: 'text',
      mandatory: true,
      unique: false,
      multiple: false,
    },
    {
      display_name: 'Body',
      uid: 'body',
      data_type: 'text',
      mandatory: false,
      unique: false,
      multiple: false,
    },
  ],
}

/** A content type to write entries of; there already after the first round. */
export async function prepare(url: string): Promise<void> {
  await call(url, 'POST', '/v3/content_types', { content_type: articleType }).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error
  })
}

/**
 * One writer: creates and edits entries, pins them to releases, deploys at once, scheduled or by rollback, and notes
 * what was acknowledged, until the server is gone.
 */
export async function write(
  url: string,
  known: Acknowledged,
  writer: number,
  goOn: () => boolean,
): Promise<void> {
  for (let n = 0; goOn(); n += 1) {
    try {
      await oneRelease(url, known, `${writer}-${n}`)
      if (n % 3 === 2) await rollBack(url, known, environments[writer % environments.length]!)
    } catch (error) {
      // Refused is an answer; anything else is the server's death, which the caller sees for itself.
      if (error instanceof Refused && error.status >= 500) throw error
      if (!(error instanceof Refused)) return
    }
  }
}

async function oneRelease(url: string, known: Acknowledged, name: string): Promise<void> {
  const uids: string[] = []
  for (let i = 0; i < 3; i += 1) {
    const path = '/v3/content_types/article/entries'
    const { entry } = await call<{ entry: { uid: string; _version: number } }>(url, 'POST', path, {
      entry: { title: `Entry ${name} ${i}`, body: 'one' },
    })
    known.entries.set(entry.uid, entry._version)
    uids.push(entry.uid)
  }
  const { id } = await call<{ id: string }>(url, 'POST', `${v1}/projects/site/releases`, {
    name: `Release ${name}`,
  })
  known.releases.set(id, [])
  const items = uids.map((uid) => ({ key: `main/${uid}/en-us`, action: 'publish' }))
  await call(url, 'POST', `${v1}/releases/${id}/items`, { items })
  known.releases.set(
    id,
    items.map((item) => item.key),
  )
  for (const environment of environments) {
    const soon = new Date(Date.now() + 700).toISOString()
    const body = { release: id, ...(environment === 'three' ? { scheduled_at: soon } : {}) }
    const path = `${v1}/projects/site/environments/${environment}/deployments`
    const deployment = await call<{ id: string }>(url, 'POST', path, body)
    known.deployments.add(deployment.id)
  }
}

async function rollBack(url: string, known: Acknowledged, environment: string): Promise<void> {
  const path = `${v1}/projects/site/environments/${environment}/rollback`
  const { deployment } = await call<{ deployment: { id: string } }>(url, 'POST', path, {
    reason: 'recovery test',
  })
  known.deployments.add(deployment.id)
}
