import type { Finding } from '#domain/blueprint.ts'
import type { Module, ModuleIndex } from './blueprint.ts'
import { identityOf, type FileTree, type TreeFile } from './file-tree.ts'
import { finding } from './finding.ts'
import { gatherFiles, openModulesFolder, type ModuleFiles, type ModulesFolder } from './module-files.ts'
import { contractFile, readContract, type Contract } from './read-contract.ts'
import { openSpecChecks, type SpecCheck } from './spec-check.ts'

export interface ReadModulesOptions {
  /** Whether a module may name sources that are fetched from elsewhere. */
  remote_sources?: boolean
}

/** By the tree's digest and the options. */
const known = new Map<string, Promise<ModuleIndex>>()
const mostKnown = 8

/** Finds the modules of a folder by their contracts. Equal trees, and equal files of other trees, are read once. */
export function readModules(
  tree: FileTree,
  { remote_sources = false }: ReadModulesOptions = {},
): Promise<ModuleIndex> {
  const id = `${remote_sources} ${identityOf(tree)}`
  const index = known.get(id) ?? read(tree, remote_sources)
  known.delete(id)
  known.set(id, index)
  index.catch(() => known.delete(id))
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return index
}

interface Found {
  module: Module | null
  file: string
  /** Null where the contract does not even say that. */
  key: string | null
  findings: readonly Finding[]
}

async function read(tree: FileTree, remote_sources: boolean): Promise<ModuleIndex> {
  const place = openModulesFolder(tree, remote_sources)
  const checkBy = place.modules.size > 0 ? await openSpecChecks() : () => neverWrong
  const found: Found[] = []
  for (const folder of place.modules) found.push(await readModule(place, folder, checkBy))
  return indexOf(tree, found)
}

const neverWrong: SpecCheck = { faultsOf: () => [], broken: () => undefined }

const keyOf = (intent: string, flavor: string, version: string) => `${intent}\0${flavor}\0${version}`

function indexOf(tree: FileTree, found: readonly Found[]): ModuleIndex {
  const byKey = new Map<string, Module>()
  const faulty = new Map<string, Finding[]>()
  const first = new Map<string, string>()
  const findings = found.flatMap((one) => one.findings)
  for (const { key, file, module, findings: own } of found) {
    if (key === null) continue
    const other = first.get(key)
    if (other !== undefined) {
      const [intent, flavor, version] = key.split('\0')
      const twice = finding(
        'module_contract',
        file,
        `${intent} ${flavor} ${version} is the module in ${other} already: which one is meant cannot be told`,
      )
      findings.push(twice)
      faulty.set(key, [...(faulty.get(key) ?? []), twice])
      byKey.delete(key)
      continue
    }
    first.set(key, file)
    if (module) byKey.set(key, module)
    else faulty.set(key, [...own])
  }
  return {
    digest: tree.digest,
    modules: [...byKey.values()],
    find: (intent, flavor, version) => byKey.get(keyOf(intent, flavor, version)),
    faultsOf: (intent, flavor, version) => faulty.get(keyOf(intent, flavor, version)) ?? [],
    unread: found.flatMap(({ key, findings: own }) => (key === null ? own.slice(0, 1) : [])),
    findings,
  }
}

async function readModule(
  place: ModulesFolder,
  folder: string,
  checkBy: (schema: Contract['spec']) => SpecCheck,
): Promise<Found> {
  const file = folder === '' ? contractFile : `${folder}/${contractFile}`
  const { contract, faults } = readContract(place.tree.files.get(file)!)
  const findings = faults.map(({ message, ...more }) => finding('module_contract', file, message, more))
  if (!contract) return { module: null, file, key: null, findings }
  const gathered = await gatherFiles(place, folder)
  findings.push(...refusedIn(place, folder), ...gathered.findings)
  findings.push(...faultsOfContract(gathered, place, folder))
  const check = checkBy(contract.spec)
  const key = keyOf(contract.intent, contract.flavor, contract.version)
  const usable = findings.every(({ severity }) => severity === 'warning')
  const module = usable ? moduleOf(folder, contract, gathered, check) : null
  return { module, file, key, findings }
}

/** A module without some of its files is another one. */
function refusedIn({ tree }: ModulesFolder, folder: string): Finding[] {
  return tree.refused.flatMap(({ path, reason }) =>
    folder === '' || path.startsWith(`${folder}/`)
      ? finding('module_contract', path, `it is not read: ${reason}`)
      : [],
  )
}

const four = ['instance', 'instance_name', 'environment', 'inputs']

/** What the four-variable contract asks of the files of a module. */
function faultsOfContract({ folders }: ModuleFiles, { tree }: ModulesFolder, folder: string): Finding[] {
  const findings: Finding[] = []
  const say = (path: string, block: string, message: string, severity: Finding['severity'] = 'error') =>
    findings.push(
      finding('module_contract', path, message, { line: lineOf(tree.files.get(path), block), severity }),
    )
  const [own, ...called] = folders
  if (!own || own.files.size === 0) {
    const path = folder === '' ? contractFile : `${folder}/${contractFile}`
    findings.push(
      finding('module_contract', path, 'there is no Terraform beside it: no *.tf and no *.tf.json'),
    )
  }
  for (const [path, file] of own?.files ?? []) {
    for (const name of file.variables)
      if (!four.includes(name))
        say(
          path,
          `variable "${name}"`,
          `variable "${name}": a module has the variables ${four.join(', ')} and no others`,
        )
    for (const name of ['attributes', 'interfaces'])
      if (file.outputs.includes(name))
        say(
          path,
          `output "${name}"`,
          `output "${name}" is made of the local output_${name}: it must not be there already`,
        )
  }
  for (const { files } of [...(own ? [own] : []), ...called])
    for (const [path, file] of files) {
      for (const name of file.providers)
        say(
          path,
          `provider "${name}"`,
          `provider "${name}": a module configures no providers, they come through its inputs`,
        )
      for (const name of file.backends) say(path, name, `${name} has no effect in a module`, 'warning')
    }
  return findings
}

/** Where a block begins, for whoever has to look for it. */
function lineOf(file: TreeFile | undefined, block: string): number | null {
  if (!file) return null
  const text = Buffer.from(file.bytes).toString('utf8')
  const words = block.split(' ').map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const at = new RegExp(String.raw`^[ \t]*${words.join(String.raw`[ \t]+`).replaceAll('"', '"?')}`, 'm').exec(
    text,
  )
  return at ? text.slice(0, at.index).split('\n').length : null
}

function moduleOf(folder: string, contract: Contract, gathered: ModuleFiles, check: SpecCheck): Module {
  const { spec, description, name_length_limit, ...rest } = contract
  const own = [...(gathered.folders[0]?.files.values() ?? [])]
  const has = (list: 'locals' | 'outputs', name: string) => own.some((file) => file[list].includes(name))
  return {
    digest: gathered.digest,
    contract: {
      ...rest,
      folder,
      entry: gathered.entry,
      variables: four.filter((name) => own.some(({ variables }) => variables.includes(name))),
      outputs: {
        attributes: has('locals', 'output_attributes'),
        interfaces: has('locals', 'output_interfaces'),
        default: has('outputs', 'default'),
      },
      requires: Object.assign({}, ...own.map(({ requires }) => requires)) as Module['contract']['requires'],
    },
    spec,
    check,
    name_length_limit,
    description,
    files: new Map([...gathered.files].map(([path, { bytes }]) => [path, bytes])),
  }
}
