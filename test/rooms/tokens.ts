/** A piece of TypeScript that is no comment and no white space. Of strings and templates, what stands inside. */
export interface Token {
  kind: 'word' | 'string' | 'template' | 'regex' | 'sign'
  text: string
  line: number
}

/** After these words a slash opens a regular expression; after any other, it divides. */
const beforeRegex = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'await',
  'else',
])

const shapes = {
  space: /\s+/y,
  comment: /\/\/[^\n]*|\/\*[\s\S]*?\*\//y,
  word: /[\p{ID_Start}$_#@][\p{ID_Continue}$]*/uy,
  number: /\d[\w.]*/y,
  string: /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y,
  regex: /\/(?![*/])((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/[a-z]*/y,
  text: /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y,
}

/**
 * Splits TypeScript into tokens. Enough of a lexer to tell an import from the word in a comment, a string or a
 * SQL template; TypeScript 7 has no parser to call.
 */
export function tokenise(source: string): Token[] {
  const tokens: Token[] = []
  /** For each open template, how many braces are open in its `${`. */
  const templates: number[] = []
  let at = 0
  let line = 1

  const take = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at
    const match = shape.exec(source)
    if (match) at = shape.lastIndex
    return match
  }
  const push = (kind: Token['kind'], text: string, whole: string) => {
    tokens.push({ kind, text, line })
    line += whole.split('\n').length - 1
  }
  const takeTemplateText = () => {
    const text = take(shapes.text)?.[0] ?? ''
    push('template', text, text)
    if (source.startsWith('${', at)) {
      at += 2
      templates.push(0)
    } else at += 1
  }
  const takeSign = () => {
    const sign = source[at] ?? ''
    at += 1
    const depth = templates.at(-1)
    if (sign === '`') return takeTemplateText()
    if (sign === '}' && depth === 0) {
      templates.pop()
      return takeTemplateText()
    }
    if (depth !== undefined && sign === '{') templates[templates.length - 1] = depth + 1
    if (depth !== undefined && sign === '}') templates[templates.length - 1] = depth - 1
    push('sign', sign, sign)
  }

  while (at < source.length) {
    const skipped = take(shapes.space) ?? take(shapes.comment)
    if (skipped) {
      line += skipped[0].split('\n').length - 1
      continue
    }
    const string = take(shapes.string)
    const word = string ? null : (take(shapes.word) ?? take(shapes.number))
    const regex = string || word || !regexMayFollow(tokens.at(-1)) ? null : take(shapes.regex)
    if (string) push('string', string[1] ?? string[2] ?? '', string[0])
    else if (word) push('word', word[0], word[0])
    else if (regex) push('regex', regex[1] ?? '', regex[0])
    else takeSign()
  }
  return tokens
}

function regexMayFollow(last: Token | undefined): boolean {
  if (!last) return true
  if (last.kind === 'word') return beforeRegex.has(last.text)
  return last.kind === 'sign' && !')]}'.includes(last.text)
}
