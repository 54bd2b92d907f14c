import { articles, picture } from './articles.ts'
import { speaker, type Speak } from './speak.ts'

interface Entry {
  uid: string
  _version: number
}

/** A content project as a client of the vendor's sees it. */
export interface Site {
  cma: Speak
  api_key: string
  delivery_token: string
  entries: Entry[]
  asset: string
}

/** A stack with a content type, a dozen entries in two locales, an asset and two environments, by the vendor's API. */
export async function makeSite(url: string, admin: { email: string; password: string }): Promise<Site> {
  const anyone = speaker(`${url}/v3`, {})
  const { user } = await anyone<{ user: { authtoken: string } }>('POST', '/user-session', { user: admin })
  const owner = speaker(`${url}/v3`, { authtoken: user.authtoken })
  const { stack } = await owner<{ stack: { api_key: string } }>('POST', '/stacks', {
    stack: { name: 'Bakery', description: 'Made by npm run demo', master_locale: 'en-us' },
  })
  const cma = speaker(`${url}/v3`, { authtoken: user.authtoken, api_key: stack.api_key })

  await cma('POST', '/locales', {
    locale: { code: 'fr-fr', name: 'French - France', fallback_locale: 'en-us' },
  })
  for (const name of ['staging', 'production'])
    await cma('POST', '/environments', {
      environment: { name, urls: [{ locale: 'en-us', url: `https://${name}.bakery.example` }] },
    })
  await cma('POST', '/content_types', { content_type: articleType })
  const entries: Entry[] = []
  for (const [english, french] of articles) entries.push(await makeEntry(cma, english, french))

  const form = new FormData()
  form.set('asset[upload]', new Blob([picture], { type: 'image/png' }), 'loaf.png')
  form.set('asset[title]', 'A loaf')
  const { asset } = await cma<{ asset: { uid: string } }>('POST', '/assets', form)

  const { token } = await cma<{ token: { token: string } }>('POST', '/stacks/delivery_tokens', {
    token: {
      name: 'site',
      scope: [
        { module: 'environment', environments: ['staging', 'production'], acl: { read: true } },
        { module: 'branch', branches: ['main'] },
      ],
    },
  })
  return { cma, api_key: stack.api_key, delivery_token: token.token, entries, asset: asset.uid }
}

async function makeEntry(cma: Speak, english: string, french: string): Promise<Entry> {
  const path = '/content_types/article/entries'
  const { entry } = await cma<{ entry: Entry }>('POST', `${path}?locale=en-us`, {
    entry: { title: english, body: `${english}, first version.` },
  })
  await cma('PUT', `${path}/${entry.uid}?locale=fr-fr`, {
    entry: { title: french, body: `${french}, première version.` },
  })
  return entry
}

const text = { data_type: 'text', multiple: false, non_localizable: false, field_metadata: {} }

const articleType = {
  title: 'Article',
  uid: 'article',
  options: { is_page: false, singleton: false, title: 'title' },
  schema: [
    { ...text, display_name: 'Title', uid: 'title', mandatory: true, unique: true },
    { ...text, display_name: 'Body', uid: 'body', mandatory: false, unique: false },
  ],
}

export interface Pin {
  uid: string
  locale: string
  version: number
  content_type_uid?: string
}

/** A release with these items, by the vendor's API, 25 at a time as it allows. */
export async function makeRelease({ cma }: Site, name: string, pins: readonly Pin[]): Promise<string> {
  const { release } = await cma<{ release: { uid: string } }>('POST', '/releases', { release: { name } })
  const items = pins.map((pin) => ({ content_type_uid: 'article', action: 'publish', ...pin }))
  for (let at = 0; at < items.length; at += 25)
    await cma('POST', `/releases/${release.uid}/items`, { items: items.slice(at, at + 25) })
  return release.uid
}

/** Edits an entry: its next version, which nobody reads until it is released. */
export async function edit({ cma }: Site, { uid }: Entry, title: string, body: string): Promise<Pin> {
  const { entry } = await cma<{ entry: Entry }>('PUT', `/content_types/article/entries/${uid}?locale=en-us`, {
    entry: { title, body },
  })
  return { uid, locale: 'en-us', version: entry._version }
}

export async function add({ cma }: Site, title: string, body: string): Promise<Pin> {
  const { entry } = await cma<{ entry: Entry }>('POST', '/content_types/article/entries?locale=en-us', {
    entry: { title, body },
  })
  return { uid: entry.uid, locale: 'en-us', version: entry._version }
}
