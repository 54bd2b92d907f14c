import { resourceKey, type Finding } from '#domain/blueprint.ts'
import type { Blueprint, BlueprintResource } from './blueprint.ts'
import { identityOf, type FileTree, type TreeFile } from './file-tree.ts'
import { finding } from './finding.ts'
import { isObject } from './is-object.ts'
import { linesOf, readJson, textOf, type Lines } from './read-json.ts'
import { readStackFile } from './read-stack-file.ts'

/** By the tree's digest. */
const known = new Map<string, Blueprint>()
const mostKnown = 8

const word = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/
const hooks = ['pre_release_hooks/pre_release_hook.py', 'pre_release_hooks/pre_release_hook.sh']

/** Reads a blueprint's files. Equal trees (by digest) are read once. */
export function readBlueprint(tree: FileTree): Blueprint {
  const id = identityOf(tree)
  const blueprint = known.get(id) ?? read(tree)
  known.delete(id)
  known.set(id, blueprint)
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
  return blueprint
}

function read(tree: FileTree): Blueprint {
  const findings: Finding[] = tree.refused.map(({ path, reason }) =>
    finding('invalid_filename', path, `it is not read: ${reason}`, {
      severity: path.endsWith('.json') ? 'error' : 'warning',
    }),
  )
  const lineOf = linesIn(tree)
  const resources = new Map<string, BlueprintResource>()
  for (const [path, file] of tree.files) {
    const place = placeOf(path, findings)
    const resource = place && readResource(place, file, findings)
    if (resource) resources.set(resource.key, resource)
  }
  const variables = readStackFile({ tree, findings, lineOf })
  return { digest: tree.digest, variables, resources, hook: hookOf(tree, findings), findings, tree, lineOf }
}

/** The lines of files that somebody asked for once, and the file that was asked for last. */
function linesIn({ files }: FileTree): Blueprint['lineOf'] {
  const told = new Map<string, number | null>()
  let last: { file: string; lines: Lines } | undefined
  return (file, path) => {
    const question = `${file}\0${path.join('\0')}`
    const before = told.get(question)
    if (before !== undefined) return before
    if (last?.file !== file)
      last = { file, lines: linesOf(textOf(files.get(file)?.bytes ?? new Uint8Array()) ?? '') }
    const line = last.lines.lineOf(path)
    if (told.size < 20_000) told.set(question, line)
    return line
  }
}

interface Place {
  file: string
  type: string
  name: string
}

/** Which resource a file is; undefined where it is none, with a word on it where it was perhaps meant to be one. */
function placeOf(path: string, findings: Finding[]): Place | undefined {
  const [type = '', folder, base = '', ...rest] = path.split('/')
  if (folder !== 'instances' && folder !== 'instance') return undefined
  if (base.startsWith('.') || base === '') return undefined
  const say = (message: string, severity: Finding['severity']) => {
    findings.push(finding('invalid_filename', path, message, { severity }))
    return undefined
  }
  if (folder === 'instance')
    return say(`it is not read: resources lie in ${type}/instances/, this is in ${type}/instance/`, 'warning')
  if (rest.length > 0) return say('it is not read: it lies in a folder below instances/', 'warning')
  if (!base.endsWith('.json')) return say('it is not read: a resource is a file named <name>.json', 'warning')
  const name = base.slice(0, -'.json'.length)
  const rule = 'letters, digits, _ and -, at most 100, and begins with no -'
  if (!word.test(type)) return say(`the type of a resource, which is its folder, is ${rule}`, 'error')
  if (!word.test(name)) return say(`the name of a resource, which is its file's, is ${rule}`, 'error')
  return { file: path, type, name }
}

function readResource(
  { file, type, name }: Place,
  { bytes }: TreeFile,
  findings: Finding[],
): BlueprintResource | undefined {
  const key = resourceKey(type, name)
  const read = readJson(bytes)
  if (!('value' in read)) {
    findings.push(finding('syntax_error', file, read.message, { ...read, item_key: key }))
    return undefined
  }
  const content = read.value
  if (!isObject(content)) {
    findings.push(finding('syntax_error', file, 'a resource is a JSON object', { line: 1, item_key: key }))
    return undefined
  }
  const { disabled } = content
  if (disabled !== undefined && typeof disabled !== 'boolean' && disabled !== 'true' && disabled !== 'false')
    findings.push(
      finding('input_validation', file, '`disabled` is true or false', { path: 'disabled', item_key: key }),
    )
  return { key, type, name, file, content, disabled: disabled === true || disabled === 'true' }
}

function hookOf({ files }: FileTree, findings: Finding[]): Blueprint['hook'] {
  const found = hooks.filter((path) => files.has(path))
  const [path] = found
  if (path === undefined) return null
  if (found.length > 1)
    findings.push(
      finding('invalid_filename', found[1]!, `it is not run: ${path} is`, { severity: 'warning' }),
    )
  return { name: path.slice(path.indexOf('/') + 1), bytes: files.get(path)!.bytes }
}
