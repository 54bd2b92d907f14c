/** What `${type.name.out.attributes.host}` in a string means: a part of what another resource brings forth. */
export interface OutputReference {
  kind: 'output'
  /** As it stands in the string, `${` and `}` included. */
  text: string
  type: string
  name: string
  of: 'attributes' | 'interfaces'
  /** Below that; numbers are places in a list, or names that are numbers. Empty: all of it. */
  path: readonly (string | number)[]
}

/** `${blueprint.self.variables.X}`, `.secrets.X`, `.artifacts.X`. */
export interface SelfReference {
  kind: 'variable' | 'secret' | 'artifact'
  text: string
  name: string
}

/** It begins like a reference and is none. */
export interface InvalidReference {
  kind: 'invalid'
  text: string
  reason: string
}

export interface Literal {
  kind: 'literal'
  /** As it stands in the string. */
  text: string
  /** What it means: the same, but that `$${type.name.out…}` is how `${type.name.out…}` itself is written. */
  value: string
}

export type Reference = OutputReference | SelfReference
export type Part = Literal | Reference | InvalidReference

const word = '[A-Za-z0-9_][A-Za-z0-9_-]*'
/** Everything that stands in `${…}` and begins like a reference of ours. Whatever else does is text. */
const like = new RegExp(
  String.raw`(?<!\$)(\$+)\{(\s*(?:blueprint\s*\.\s*self|${word}\.${word}\.out)(?![\w-])[^{}$]*)(\}?)`,
  'g',
)
const output = new RegExp(
  String.raw`^(${word})\.(${word})\.out\.(attributes|interfaces)((?:\.${word}|\[(?:\d{1,9}|"[^"\\$%\n]{1,200}")\])*)$`,
)
const step = new RegExp(String.raw`\.(${word})|\[(\d+)\]|\["([^"]+)"\]`, 'g')
const self = /^blueprint\.self\.(variables|secrets|artifacts)\.([A-Za-z0-9_][\w.-]*)$/
const kinds = { variables: 'variable', secrets: 'secret', artifacts: 'artifact' } as const

/**
 * A string of a resource, cut into text and references. Put together again, the parts' `text` is the string. A text
 * never ends in `$` before a reference.
 */
export function splitReferences(text: string): Part[] {
  if (!text.includes('${')) return [literal(text)]
  const parts: Part[] = []
  let from = 0
  for (const match of text.matchAll(like)) {
    const [whole, dollars = '', inside = '', end] = match
    // Written with one `$` more, it stands for itself.
    if (dollars.length > 1) continue
    if (match.index > from) parts.push(literal(text.slice(from, match.index)))
    parts.push(end === '}' ? referenceOf(whole, inside.trim()) : invalid(whole, 'it has no end'))
    from = match.index + whole.length
  }
  if (from < text.length || parts.length === 0) parts.push(literal(text.slice(from)))
  return parts
}

/** Text that means itself, whatever stands in it, wherever references are looked for. */
export function escapeReferences(text: string): string {
  return text.includes('${') ? text.replaceAll(like, (whole) => `$${whole}`) : text
}

function literal(text: string): Literal {
  const value = text.includes('$${')
    ? text.replaceAll(like, (whole, dollars: string) => (dollars.length > 1 ? whole.slice(1) : whole))
    : text
  return { kind: 'literal', text, value }
}

function referenceOf(text: string, inside: string): Part {
  const [, type, name, of, path] = output.exec(inside) ?? []
  if (type && name)
    return { kind: 'output', text, type, name, of: of as OutputReference['of'], path: pathOf(path ?? '') }
  const [, list, called] = self.exec(inside) ?? []
  if (list && called) return { kind: kinds[list as keyof typeof kinds], text, name: called }
  return invalid(text, reasonOf(inside))
}

function pathOf(text: string): (string | number)[] {
  return [...text.matchAll(step)].map(([, named, index, quoted]) => {
    const said = named ?? index ?? quoted ?? ''
    return quoted === undefined && /^(?:0|[1-9]\d{0,8})$/.test(said) ? Number(said) : said
  })
}

function reasonOf(inside: string): string {
  if (/^blueprint\s*\.\s*self/.test(inside))
    return 'of the blueprint there are blueprint.self.variables.<name>, blueprint.self.secrets.<name> and blueprint.self.artifacts.<name>'
  return 'a reference is <type>.<name>.out.attributes.<path> or <type>.<name>.out.interfaces.<path>'
}

const invalid = (text: string, reason: string): InvalidReference => ({ kind: 'invalid', text, reason })
