import { tokenise, type Token } from './tokens.ts'

/** One import of a file. Without a specifier, it imports something computed. */
export interface Import {
  specifier: string | undefined
  /** Erased before it runs. */
  typeOnly: boolean
  line: number
}

/** Every static, dynamic and side-effect import, `export … from` and `require` of a source file. */
export function readImports(source: string): Import[] {
  const tokens = tokenise(source)
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || isSign(tokens[at - 1], '.')) return []
    if (token.text === 'import') return readImport(tokens, at)
    if (token.text === 'export') return readExport(tokens, at)
    if (token.text === 'require' && isSign(tokens[at + 1], '(')) return readCall(tokens, at)
    return []
  })
}

function readImport(tokens: Token[], at: number): Import[] {
  const next = tokens[at + 1]
  if (!next) return []
  if (next.kind === 'string') return [{ specifier: next.text, typeOnly: false, line: next.line }]
  if (isSign(next, '(')) return readCall(tokens, at)
  if (next.kind === 'word' || isSign(next, '{') || isSign(next, '*')) return readFrom(tokens, at)
  return []
}

function readExport(tokens: Token[], at: number): Import[] {
  const first = isWord(tokens[at + 1], 'type') ? at + 2 : at + 1
  if (isSign(tokens[first], '*')) return readFrom(tokens, at)
  if (!isSign(tokens[first], '{')) return []
  const end = tokens.findIndex((token, index) => index > first && isSign(token, '}'))
  return isWord(tokens[end + 1], 'from') ? readFrom(tokens, at) : []
}

function readFrom(tokens: Token[], at: number): Import[] {
  const from = tokens.findIndex(
    (token, index) => index > at && isWord(token, 'from') && tokens[index + 1]?.kind === 'string',
  )
  const source = tokens[from + 1]
  if (from === -1 || !source) return []
  const named = tokens[at + 2]
  const typeOnly = isWord(tokens[at + 1], 'type') && !isWord(named, 'from') && !isSign(named, ',')
  return [{ specifier: source.text, typeOnly, line: source.line }]
}

function readCall(tokens: Token[], at: number): Import[] {
  const argument = tokens[at + 2]
  if (!argument || isSign(argument, ')')) return []
  const after = tokens[at + 3]
  const plain = argument.kind === 'string' || argument.kind === 'template'
  const whole = plain && (isSign(after, ')') || isSign(after, ','))
  return [{ specifier: whole ? argument.text : undefined, typeOnly: false, line: argument.line }]
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text
}
