import { isUtf8 } from 'node:buffer'
import { isMap, isSeq, isScalar, LineCounter, parseDocument, type Node } from 'yaml'
import type { Json } from '#domain/json.ts'
import { jsonFault, pathText } from './json-fault.ts'

export type ReadJson = { value: Json } | { line: number | null; path: string | null; message: string }

const mostBytes = 1024 * 1024

/** Reads a file of JSON, or says what is wrong with it. */
export function readJson(bytes: Uint8Array): ReadJson {
  const text = textOf(bytes)
  if (text === undefined) return { line: null, path: null, message: 'it is no text in UTF-8' }
  if (text.length > mostBytes) return { line: null, path: null, message: 'it is larger than 1 MiB' }
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    return { ...whereIn(text, error as Error), path: null }
  }
  const fault = jsonFault(value)
  if (!fault) return { value }
  if (fault.tooDeep) return { line: null, path: pathText(fault.path), message: fault.message }
  return { line: linesOf(text).lineOf(fault.path), path: pathText(fault.path), message: fault.message }
}

/** Undefined where it is none. A mark of the order of its bytes is taken away. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
}

function whereIn(text: string, { message }: Error): { line: number; message: string } {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? []
  const said = message.replace(/ \(line \d+ column \d+\)$/, '').replace(/ in JSON at position \d+$/, '')
  const plain = said
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 200)
  if (line) return { line: Number(line), message: `it is no JSON: ${plain} (column ${column})` }
  return { line: text.trimEnd().split('\n').length, message: `it is no JSON: ${plain}` }
}

export interface Lines {
  /** From 1; of the nearest that is there, where the path itself is not. */
  lineOf(path: readonly (string | number)[]): number | null
}

/** Where things stand in a text of JSON or YAML. Reads it more slowly than anybody wants to without need. */
export function linesOf(text: string): Lines {
  const counter = new LineCounter()
  let root: Node | null
  try {
    root = parseDocument(text, { lineCounter: counter, uniqueKeys: false, logLevel: 'silent' }).contents
  } catch {
    root = null
  }
  return {
    lineOf(path) {
      let node: unknown = root
      let at = root?.range?.[0]
      for (const step of path) {
        const next = below(node, step)
        if (!next) break
        at = next.at ?? at
        node = next.value
      }
      return at === undefined ? null : counter.linePos(at).line
    },
  }
}

function below(node: unknown, step: string | number): { at?: number; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(step)]
    return value === undefined ? undefined : { at: (value as Node).range?.[0], value }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  return pair && { at: (pair.key as Node).range?.[0], value: pair.value }
}
