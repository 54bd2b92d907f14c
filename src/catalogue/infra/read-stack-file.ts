import type { Finding } from '#domain/blueprint.ts'
import type { Json, JsonObject } from '#domain/json.ts'
import type { VariableMeta } from './blueprint.ts'
import type { FileTree } from './file-tree.ts'
import { finding } from './finding.ts'
import { isObject } from './is-object.ts'
import { pathText } from './json-fault.ts'
import { readJson } from './read-json.ts'

const file = 'stack.json'
const variableName = /^[A-Za-z0-9_][\w.-]{0,199}$/

interface Place {
  tree: FileTree
  findings: Finding[]
  lineOf(file: string, path: readonly (string | number)[]): number | null
}

/** What stack.json says that environments may give values for. */
export function readStackFile({ tree, findings, lineOf }: Place): Map<string, VariableMeta> {
  const variables = new Map<string, VariableMeta>()
  const say = (message: string, path: (string | number)[] = [], severity: Finding['severity'] = 'error') =>
    findings.push(
      finding('syntax_error', file, message, {
        severity,
        line: path.length === 0 ? null : lineOf(file, path),
        path: path.length === 0 ? null : pathText(path),
      }),
    )
  const found = tree.files.get(file)
  if (!found) {
    say('there is no stack.json: no variables are declared', [], 'warning')
    return variables
  }
  const read = readJson(found.bytes)
  if (!('value' in read)) {
    findings.push(finding('syntax_error', file, read.message, read))
    return variables
  }
  if (!isObject(read.value)) {
    say('stack.json is no JSON object')
    return variables
  }
  const metas = read.value.clusterVariablesMeta ?? {}
  if (!isObject(metas)) {
    say('clusterVariablesMeta has to be an object of variables by name', ['clusterVariablesMeta'])
    return variables
  }
  for (const [name, meta] of Object.entries(metas)) {
    const path = ['clusterVariablesMeta', name]
    if (!variableName.test(name)) say('the name of a variable is letters, digits, _, - and .', path)
    else if (meta !== null && !isObject(meta)) say('a variable has to be an object', path)
    else variables.set(name, metaOf(name, meta ?? {}))
  }
  return variables
}

function metaOf(name: string, meta: JsonObject): VariableMeta {
  const secret = meta.secret === true || meta.isSecret === true
  const fallback: Json | undefined = meta.value ?? meta.default ?? undefined
  return {
    name,
    // What stands in a file that many read is no secret's value.
    ...(secret || fallback === undefined ? {} : { fallback }),
    secret,
    description: typeof meta.description === 'string' ? meta.description : null,
  }
}
