import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

/** Files by their paths, as the vendor's command line would have written them: JSON unless they are bytes. */
export type Files = Record<string, unknown>

const at = '2025-03-04T05:06:07.890Z'
const live = (environment: string, locale: string, version: number) => ({
  ...{ environment, locale, time: at, user: 'blt00000000000000aa', version },
})
const field = (uid: string, data_type: string, more: object = {}) => ({
  ...{ uid, data_type, display_name: uid, mandatory: false, unique: false, multiple: false },
  ...{ non_localizable: false, field_metadata: { _default: true }, ...more },
})

export const production = 'bltenvproduction001'
export const staging = 'bltenvstaging000001'
const own = { stackHeaders: { api_key: 'bltsource0000000001' } }

const words = [field('description', 'text'), field('keywords', 'text', { multiple: true })]
const seo = field('seo', 'global_field', { reference_to: 'seo', schema: words })
const title = field('title', 'text', { mandatory: true, unique: true })

const author = {
  ...{ title: 'Author', uid: 'author', description: '', options: { is_page: false, singleton: false } },
  schema: [
    title,
    field('posts', 'reference', { reference_to: ['post'], field_metadata: { ref_multiple: true } }),
  ],
}

const post = {
  ...{
    title: 'Post',
    uid: 'post',
    description: 'What is written',
    options: { is_page: true, title: 'title' },
  },
  schema: [
    title,
    field('author', 'reference', { reference_to: ['author'], field_metadata: { ref_multiple: false } }),
    field('picture', 'file'),
    field('body', 'json', { field_metadata: { allow_json_rte: true } }),
    field('price', 'number', { non_localizable: true }),
    seo,
    field('topics', 'taxonomy', { taxonomies: [{ taxonomy_uid: 'topics' }], multiple: true }),
    field('sections', 'blocks', {
      multiple: true,
      blocks: [{ title: 'Hero', uid: 'hero', schema: [field('headline', 'text'), field('image', 'file')] }],
    }),
  ],
}

/** A file field holds all that is said of the asset. */
const logo = {
  ...{ uid: 'bltassetlogo0000001', filename: 'logo one.svg', title: 'Logo', content_type: 'image/svg+xml' },
  ...{ file_size: '11', tags: ['brand'], description: 'Ours', is_dir: false, ACL: [], _version: 2 },
  url: 'https://images.contentstack.io/v3/assets/bltsource0000000001/bltassetlogo0000001/6/logo.svg',
  parent_uid: 'bltfolderinner00001',
}

const posts = (locale: string) => ({
  bltpost000000000001: {
    ...{ uid: 'bltpost000000000001', locale, _version: 4, _in_progress: false, ACL: {}, tags: ['news'] },
    title: `First (${locale})`,
    author: [{ uid: 'bltauthor0000000001', _content_type_uid: 'author' }],
    picture: logo,
    body: {
      type: 'doc',
      uid: 'x',
      attrs: {},
      children: [{ type: 'p', attrs: {}, children: [{ text: 'Hello' }] }],
    },
    price: 12.5,
    seo: { description: 'About it', keywords: ['one', 'two'] },
    topics: [{ taxonomy_uid: 'topics', term_uid: 'sea' }],
    sections: [{ hero: { headline: 'Big', image: logo, _metadata: { uid: 'cs01' } } }],
    publish_details: [live(production, locale, 4), live(staging, locale, 4)],
  },
})

/** Two locales, folders within folders, references in a circle, published in two environments. */
export function exportFiles(): Files {
  return {
    'export-info.json': { contentVersion: 2, logsPath: '/home/somebody/logs' },
    'locales/master-locale.json': {
      bltlocaleen00000001: {
        code: 'en-us',
        name: 'English',
        uid: 'bltlocaleen00000001',
        fallback_locale: null,
      },
    },
    'locales/locales.json': {
      bltlocalech00000001: {
        code: 'fr-ch',
        name: 'Suisse',
        uid: 'bltlocalech00000001',
        fallback_locale: 'fr-fr',
      },
      bltlocalefr00000001: {
        code: 'fr-fr',
        name: 'Français',
        uid: 'bltlocalefr00000001',
        fallback_locale: 'en-us',
      },
    },
    'environments/environments.json': {
      [production]: {
        ...own,
        name: 'production',
        uid: production,
        urls: [{ url: 'https://x.test', locale: 'en-us' }],
      },
      [staging]: { ...own, name: 'staging', uid: staging, urls: [] },
    },
    'global_fields/globalfields.json': [{ title: 'SEO', uid: 'seo', schema: words }],
    'content_types/author.json': author,
    'content_types/post.json': post,
    'content_types/schema.json': [author, post],
    'webhooks/webhooks.json': { bltwebhook000000001: { name: 'Build', uid: 'bltwebhook000000001' } },
    'assets/folders.json': [
      {
        uid: 'bltfolderinner00001',
        name: 'Logos',
        parent_uid: 'bltfolderouter00001',
        is_dir: true,
        _version: 1,
      },
      { uid: 'bltfolderouter00001', name: 'Pictures', parent_uid: null, is_dir: true, _version: 1 },
    ],
    'assets/assets.json': { 1: 'aa11-assets.json' },
    'assets/metadata.json': { 'aa11-assets.json': [{ uid: logo.uid, filename: logo.filename }] },
    'assets/aa11-assets.json': {
      [logo.uid]: {
        ...own,
        ...logo,
        publish_details: [live(production, 'en-us', 2), live(production, 'fr-fr', 2)],
      },
    },
    [`assets/files/${logo.uid}/${logo.filename}`]: Buffer.from('<svg></svg>'),
    'entries/author/en-us/index.json': { 1: 'bb11-entries.json' },
    'entries/author/en-us/bb11-entries.json': {
      bltauthor0000000001: {
        ...{
          ...own,
          urlPath: '/x',
          uid: 'bltauthor0000000001',
          locale: 'en-us',
          _version: 1,
          ACL: {},
          tags: [],
        },
        title: 'Ada',
        posts: [{ uid: 'bltpost000000000001', _content_type_uid: 'post' }],
        // Live where the locale has nothing of its own, too.
        publish_details: [live(production, 'en-us', 1), live(production, 'fr-fr', 1)],
      },
      bltauthor0000000002: {
        ...{ uid: 'bltauthor0000000002', locale: 'en-us', _version: 7, tags: [], title: 'Bob', posts: [] },
        publish_details: [live(production, 'en-us', 5)],
      },
    },
    'entries/post/en-us/index.json': { 1: 'cc11-entries.json' },
    'entries/post/en-us/cc11-entries.json': posts('en-us'),
    'entries/post/fr-fr/index.json': { 1: 'dd11-entries.json' },
    'entries/post/fr-fr/dd11-entries.json': posts('fr-fr'),
  }
}

/** The files in a folder of the test's own, which goes when it ends. */
export async function writeFolder(t: TestContext, files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-import-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), Buffer.isBuffer(content) ? content : JSON.stringify(content))
  }
  return folder
}

/** All files of a folder, the JSON parsed; chunks of one place as one object, since their names are made up anew. */
export async function readFolder(folder: string): Promise<Files> {
  const files: Files = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    const bytes = await readFile(path)
    if (name.startsWith('assets/files/') || !name.endsWith('.json')) {
      files[name] = bytes.toString('latin1')
      continue
    }
    const chunk = /^(.*\/)[^/]+-(assets|entries)\.json$/.exec(name)
    const json: unknown = JSON.parse(bytes.toString())
    if (/\/(index|assets|metadata)\.json$/.test(name)) continue
    if (chunk) files[`${chunk[1]}*`] = { ...(files[`${chunk[1]}*`] as object), ...(json as object) }
    else files[name] = json
  }
  return files
}
