import { dirname } from 'node:path/posix'
import type { Outline } from '#app/imports/content-format.ts'
import { invalidField } from '#domain/errors.ts'
import { segment } from './segment.ts'

/**
 * Where things lie in a folder of the vendor's export (docs/compat/contentstack-export.md): in one folder of each of
 * these names, at the top or within a folder for the branch.
 */
const modules = ['locales', 'environments', 'content_types', 'global_fields', 'assets', 'entries', 'spaces']

/** What else may lie there, of which there is nothing here. */
const strange = [
  ...['webhooks', 'labels', 'extensions', 'workflows', 'taxonomies', 'custom-roles', 'releases'],
  ...['marketplace_apps', 'personalize', 'composable_studio', 'publishing-rules'],
]

/** Where the vendor's importer and its log write down what they did. */
const notes = ['mapper', 'logs']

interface Placed {
  /** The folder of the branch, with a slash at its end; empty at the top. */
  root: string
  /** From the module on; what lies in a space of assets as if it lay in `assets`. */
  parts: string[]
}

function placeOf(path: string): Placed | undefined {
  const all = path.split('/')
  const at = all.findIndex((part, n) => n < all.length - 1 && [...modules, ...strange].includes(part))
  if (at < 0 || all.slice(0, at).some((part) => notes.includes(part))) return undefined
  const root = at === 0 ? '' : `${all.slice(0, at).join('/')}/`
  const parts = all.slice(at)
  return { root, parts: parts[0] === 'spaces' ? parts.slice(2) : parts }
}

/** A JSON file is kept as text, whatever lies under `assets/files` as bytes. */
export function keeps(path: string): 'text' | 'bytes' | undefined {
  const { parts } = placeOf(path) ?? {}
  if (!parts || parts.length < 2) return undefined
  const [module, folder, name = ''] = parts
  if (module === 'assets' && folder === 'files') return parts.length > 3 ? 'bytes' : undefined
  // The first layout had a folder of files for each asset.
  if (module === 'assets' && parts.length === 3 && folder !== 'versions')
    return name.startsWith('_contentstack_') ? undefined : 'bytes'
  return path.endsWith('.json') ? 'text' : undefined
}

/** Files that say where others are, or say again what those do. */
const bookkeeping = new Map([
  ['content_types', ['schema.json', '__master.json', '__priority.json', 'field_rules_uid.json']],
  ['assets', ['assets.json', 'metadata.json', 'versioned-assets.json']],
  ['entries', ['index.json']],
])

function isBookkeeping({ parts: [module = '', ...names] }: Placed): boolean {
  return bookkeeping.get(module)?.includes(names.at(-1) ?? '') ?? false
}

export function outline(paths: readonly string[], branch?: string): Outline {
  const placed = paths.flatMap((path) => {
    const place = placeOf(path)
    return place ? [{ path, ...place }] : []
  })
  const root = rootOf(new Set(placed.filter(isRead).map((one) => one.root)), branch)
  const here = placed.filter((one) => one.root === root)
  const inModule = (module: string) => here.filter(({ parts }) => parts[0] === module)
  const named = (module: string, ...names: string[]) =>
    names.flatMap((name) => inModule(module).filter(({ parts }) => parts.length === 2 && parts[1] === name))
  const types = inModule('content_types').filter((one) => one.parts.length === 2 && !isBookkeeping(one))
  const assets = inModule('assets').filter(({ parts }) => parts.length === 2 && parts[1] !== 'folders.json')
  const chunks = assets.filter((one) => !isBookkeeping(one))
  const found = {
    locales: named('locales', 'master-locale.json', 'locales.json'),
    environments: named('environments', 'environments.json'),
    types: types.length > 0 ? types : named('content_types', 'schema.json'),
    folders: named('assets', 'folders.json'),
    assets: chunks.length > 0 ? chunks : named('assets', 'assets.json'),
  }
  const entries = inModule('entries').flatMap(({ path, parts }) => entryFile(path, parts))
  const read = new Set([...Object.values(found).flat(), ...entries].map(({ path }) => path))
  return {
    locales: pathsOf(found.locales),
    environments: pathsOf(found.environments),
    types: pathsOf(found.types),
    folders: pathsOf(found.folders),
    assets: pathsOf(found.assets),
    entries,
    passed: pathsOf(here.filter((one) => !read.has(one.path) && !isBookkeeping(one) && !isTold(one.parts))),
  }
}

function isRead({ parts }: Placed): boolean {
  return modules.includes(parts[0] ?? '') && parts[0] !== 'global_fields'
}

/** Content types come with the fields of the global fields that they use; older versions are looked up. */
function isTold([module, ...names]: readonly string[]): boolean {
  return module === 'global_fields' || (module === 'entries' && names[2] === 'versions')
}

/** `entries/<type>/<locale>/versions/<uid>.json`: a list of what an entry said. */
export function versionsOf(file: string, uid: string): string {
  return `${dirname(file)}/versions/${segment(uid)}.json`
}

function pathsOf(files: readonly { path: string }[]): string[] {
  return files.map(({ path }) => path)
}

/** `entries/<type>/<locale>/<…>-entries.json`; in the first layout `entries/<type>/<locale>.json`. */
function entryFile(path: string, parts: readonly string[]): Outline['entries'] {
  const [, content_type_uid = '', locale = '', name] = parts
  if (parts.length === 3 && locale.endsWith('.json'))
    return [{ path, content_type_uid, locale: locale.slice(0, -'.json'.length) }]
  return parts.length === 4 && name !== 'index.json' ? [{ path, content_type_uid, locale }] : []
}

function rootOf(roots: ReadonlySet<string>, branch: string | undefined): string {
  const [first = '', ...others] = roots
  const own = [...roots].find((root) => root === `${branch}/` || root.endsWith(`/${branch}/`))
  if (branch !== undefined && own !== undefined) return own
  if (others.length === 0) return first
  const names = [...roots].map((root) => root.split('/').at(-2) ?? 'the top').join(', ')
  throw invalidField('source_branch', 'required', `There are several branches in what was sent: ${names}.`)
}
