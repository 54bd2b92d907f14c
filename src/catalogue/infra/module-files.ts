import { posix } from 'node:path'
import type { Finding } from '#domain/blueprint.ts'
import { digestOfFiles, type FileTree, type TreeFile } from './file-tree.ts'
import { finding } from './finding.ts'
import { contractFile } from './read-contract.ts'
import { isTerraform, readTerraform, type TerraformFile } from './read-terraform.ts'

/** The modules' folder, and what of it is looked up again and again. */
export interface ModulesFolder {
  tree: FileTree
  /** Of all files, in their order. */
  paths: readonly string[]
  /** By folder, the paths of the files that lie directly in it. */
  inside: ReadonlyMap<string, readonly string[]>
  /** Folders with a contract of their own. */
  modules: ReadonlySet<string>
  remote_sources: boolean
}

export function openModulesFolder(tree: FileTree, remote_sources: boolean): ModulesFolder {
  const inside = new Map<string, string[]>()
  const modules = new Set<string>()
  for (const path of tree.files.keys()) {
    const folder = folderOf(path)
    const paths = inside.get(folder)
    if (paths) paths.push(path)
    else inside.set(folder, [path])
    if (posix.basename(path) === contractFile) modules.add(folder)
  }
  return { tree, paths: [...tree.files.keys()], inside, modules, remote_sources }
}

const folderOf = (path: string) => (path.includes('/') ? posix.dirname(path) : '')

/** A folder of Terraform's files, read. */
export interface TerraformFolder {
  folder: string
  files: ReadonlyMap<string, TerraformFile>
}

/** All that a module needs, and what is wrong with that. */
export interface ModuleFiles {
  /** The module's own folder first, then those that it calls. */
  folders: readonly TerraformFolder[]
  files: ReadonlyMap<string, TreeFile>
  /** Where in the files the module stands. */
  entry: string
  digest: string
  findings: readonly Finding[]
}

/** A module's files, with those beside its folder that it names. */
export async function gatherFiles(place: ModulesFolder, folder: string): Promise<ModuleFiles> {
  const findings: Finding[] = []
  const folders: TerraformFolder[] = []
  /** Folders and files that come along, with all that is below them. */
  const taken = new Set([folder])
  const waiting = [folder]
  const seen = new Set(waiting)
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const read = await readFolderOf(place, at, findings)
    folders.push(read)
    for (const [path, file] of read.files) {
      const step: Step = { place, at, path, file }
      for (const target of [...calledFrom(step, findings), ...besideOf(step, findings)]) {
        taken.add(target.path)
        if (!target.called || seen.has(target.path)) continue
        seen.add(target.path)
        waiting.push(target.path)
      }
    }
  }
  const root = commonRoot([...taken])
  const files = filesUnder(place, [...taken], root)
  const entry = folder === root ? '' : root === '' ? folder : folder.slice(root.length + 1)
  const digest = digestOfFiles(
    entry === '' ? files : [[`${entry}/`, { bytes: new Uint8Array(), digest: '' }], ...files],
  )
  return { folders, files, entry, digest, findings }
}

async function readFolderOf(place: ModulesFolder, at: string, findings: Finding[]): Promise<TerraformFolder> {
  const files = new Map<string, TerraformFile>()
  for (const path of place.inside.get(at) ?? []) {
    if (!isTerraform(posix.basename(path))) continue
    const read = await readTerraform(posix.basename(path), place.tree.files.get(path)!)
    if ('variables' in read) files.set(path, read)
    else findings.push(finding('module_contract', path, read.message, { line: read.line }))
  }
  return { folder: at, files }
}

interface Step {
  place: ModulesFolder
  at: string
  path: string
  file: TerraformFile
}

interface Target {
  path: string
  called: boolean
}

/** Folders of modules that it calls. One that is not below the modules' folder is refused, and one from elsewhere unless allowed. */
function calledFrom({ place, at, path, file }: Step, findings: Finding[]): Target[] {
  return file.sources.flatMap(({ name, source }) => {
    const say = (message: string) => {
      findings.push(
        finding('module_contract', path, `module "${name}": ${message}`, { path: `module.${name}.source` }),
      )
      return []
    }
    if (source === undefined) return say('its source has to be plain text')
    if (!/^\.\.?(?:\/|$)/.test(source)) {
      if (place.remote_sources && !source.startsWith('/')) return []
      return say(
        source.startsWith('/')
          ? `its source ${source} is a folder of the machine`
          : `its source ${source} is fetched from elsewhere, and remote_sources does not allow that`,
      )
    }
    const target = within(at, source)
    if (target === undefined) return say(`its source ${source} leaves the modules' folder`)
    if (!place.inside.has(target)) return say(`there is nothing at its source ${source}`)
    return [{ path: target, called: true }]
  })
}

function besideOf({ place, at, path, file }: Step, findings: Finding[]): Target[] {
  return file.beside.flatMap((beside) => {
    const target = within(at, beside)
    if (target !== undefined) return exists(place, target) ? [{ path: target, called: false }] : []
    findings.push(finding('module_contract', path, `it reads ${beside}, which leaves the modules' folder`))
    return []
  })
}

const exists = ({ tree, inside }: ModulesFolder, path: string) => tree.files.has(path) || inside.has(path)

/** Undefined: it leaves the modules' folder. */
function within(at: string, source: string): string | undefined {
  const path = posix.normalize(posix.join(at === '' ? '.' : at, source)).replace(/\/+$/, '')
  if (path === '..' || path.startsWith('../') || path.startsWith('/')) return undefined
  return path === '.' ? '' : path
}

function commonRoot(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => path.split('/'))
  let length = first.length
  for (const other of rest) {
    let same = 0
    while (same < length && other[same] === first[same]) same += 1
    length = same
  }
  return first.slice(0, length).join('/')
}

function filesUnder(place: ModulesFolder, taken: readonly string[], root: string) {
  const wanted = new Set(taken)
  const paths = new Set(taken.flatMap((path) => pathsUnder(place, path)))
  const found = [...paths].flatMap((path): [string, TreeFile][] => {
    // A module inside a module is another one, unless this one calls it.
    if (belongsElsewhere(path, place.modules, wanted)) return []
    return [[root === '' ? path : path.slice(root.length + 1), place.tree.files.get(path)!]]
  })
  return new Map(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Itself, where it is a file; else all that lies below it. */
function pathsUnder({ tree, paths }: ModulesFolder, path: string): readonly string[] {
  if (path === '') return paths
  if (tree.files.has(path)) return [path]
  const beginning = `${path}/`
  let from = 0
  for (let to = paths.length; from < to;) {
    const middle = (from + to) >> 1
    if (paths[middle]! < beginning) from = middle + 1
    else to = middle
  }
  let end = from
  while (paths[end]?.startsWith(beginning)) end += 1
  return paths.slice(from, end)
}

function belongsElsewhere(path: string, modules: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (let at = folderOf(path); ; at = folderOf(at)) {
    if (wanted.has(at)) return false
    if (modules.has(at)) return true
    if (at === '') return false
  }
}
