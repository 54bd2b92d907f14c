import type { TestContext } from 'node:test'
import { openStack, settled, upload, type TestStack } from './open-stack.ts'

/** Articles with everything that a query can look into, the people and companies that they refer to, two pictures. */
export interface Newsroom extends TestStack {
  /** Makes an entry and answers its uid. */
  write(type: string, entry: object): Promise<string>
  /** Publishes to production, and waits until it is served. */
  publish(type: string, uid: string, locale?: string): Promise<void>
  publishAsset(uid: string): Promise<void>
  /** A release of these items, at the versions that they have. */
  release(items: readonly object[]): Promise<string>
  picture: string
}

const text = (uid: string) => ({ display_name: uid, uid, data_type: 'text' })
const title = { ...text('title'), mandatory: true, unique: true, field_metadata: { _default: true } }
const refer = (uid: string, ...reference_to: string[]) => ({
  ...{ display_name: uid, uid, data_type: 'reference', reference_to },
  field_metadata: { ref_multiple: true },
})

const types = [
  { title: 'Company', uid: 'company', schema: [title] },
  {
    ...{ title: 'Person', uid: 'person' },
    schema: [title, refer('company', 'company'), { display_name: 'Photo', uid: 'photo', data_type: 'file' }],
  },
  {
    ...{ title: 'Article', uid: 'article' },
    schema: [
      ...[title, text('body'), { ...text('words'), multiple: true }],
      { display_name: 'Price', uid: 'price', data_type: 'number' },
      { display_name: 'Day', uid: 'day', data_type: 'isodate' },
      { display_name: 'Cover', uid: 'cover', data_type: 'file' },
      { display_name: 'Text', uid: 'text', data_type: 'json' },
      refer('author', 'person'),
      {
        ...{ display_name: 'SEO', uid: 'seo', data_type: 'group' },
        schema: [text('slug'), refer('editor', 'person')],
      },
      {
        ...{ display_name: 'Sections', uid: 'sections', data_type: 'blocks', multiple: true },
        blocks: [{ title: 'Hero', uid: 'hero', schema: [text('heading'), refer('writer', 'person')] }],
      },
    ],
  },
]

export async function openNewsroom(t: TestContext): Promise<Newsroom> {
  const stack = await openStack(t)
  const { ask, house, authtoken, api_key } = stack
  const must = async (wanted: number, asked: ReturnType<typeof ask>) => {
    const { status, body } = await asked
    if (status !== wanted) throw new Error(JSON.stringify(body))
    return body
  }
  for (const content_type of types) await must(201, ask('POST', '/content_types', { content_type }))
  const { asset } = (await upload(house.url, { authtoken, api_key })).body
  return {
    ...stack,
    picture: asset.uid,
    write: async (type, entry) =>
      (await must(201, ask('POST', `/content_types/${type}/entries`, { entry }))).entry.uid,
    publish: async (type, uid, locale = 'en-us') => {
      const entry = { environments: ['production'], locales: [locale] }
      await must(201, ask('POST', `/content_types/${type}/entries/${uid}/publish`, { entry }))
      await settled(stack)
    },
    publishAsset: async (uid) => {
      await must(201, ask('POST', `/assets/${uid}/publish`, { asset: { environments: ['production'] } }))
      await settled(stack)
    },
    release: async (items) => {
      const { release } = await must(201, ask('POST', '/releases', { release: { name: 'Next' } }))
      await must(201, ask('POST', `/releases/${release.uid}/items`, { items }))
      return release.uid
    },
  }
}

export const to = (type: string, ...uids: string[]) => uids.map((uid) => ({ uid, _content_type_uid: type }))
