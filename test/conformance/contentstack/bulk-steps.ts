import { eventually, type TestStack } from './open-stack.ts'

export const bulk_version = '2.0'
export const api_version = '3.2'
export const inProgress = (what: string) =>
  `Your bulk ${what} request is in progress. Please check publish queue for more details.`

export async function entryOf({ ask }: TestStack, title: string, fields: object = {}): Promise<string> {
  const { status, body } = await ask('POST', '/content_types/page/entries', { entry: { title, ...fields } })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body.entry.uid
}

export async function releaseOf({ ask }: TestStack, name: string): Promise<string> {
  return (await ask('POST', '/releases', { release: { name } })).body.release.uid
}

export async function itemsOf({ ask }: TestStack, release: string): Promise<string[]> {
  const { items } = (await ask('GET', `/releases/${release}/items`)).body
  return items.map(
    (item: Record<string, string>) =>
      `${item['uid']} ${item['locale']} ${item['action']} ${item['version']} ${item['content_type_uid']}`,
  )
}

export const reference = (...uids: string[]) => ({
  related: uids.map((uid) => ({ uid, _content_type_uid: 'page' })),
})

/** Waits until nothing of a job is on its way. */
export function over({ stack }: TestStack, job_id: string) {
  return eventually(async () => {
    const job = await stack.bulkOperation().jobStatus({ job_id, api_version })
    if (!['complete', 'failed'].includes(job.status)) throw new Error(job.status)
    return job
  })
}
