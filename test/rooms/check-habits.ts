import { basename, extname } from 'node:path'
import { tokenise, type Token } from './tokens.ts'
import type { Tree } from './tree.ts'

const longest = 300
const drawers = ['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'service', 'misc', 'shared']
const vendors = ['contentstack', 'aviator', 'facets', 'trifacta']

/** Files longer than a file may be. */
export function checkSizes(tree: Tree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    return lines > longest ? [`${path}: ${lines} lines; at ${longest}, look for the second noun`] : []
  })
}

/** Names that are not kebab-case, or that say nothing. */
export function checkNames(tree: Tree): string[] {
  return [...tree.keys()].flatMap((path) => {
    const parts = path.split('/').map((part) => basename(part, extname(part)))
    const shape = parts.every((part) => /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))?$/.test(part))
    const drawer = parts.find((part) => drawers.includes(part))
    if (!shape) return [`${path}: names are kebab-case`]
    return drawer ? [`${path}: "${drawer}" is a drawer, not a name`] : []
  })
}

/** Files that are released are named as whoever made them names them. */
const nameOfFile = /^['"`]?facets\.yaml['"`]?$/

/** A vendor's name outside its own room, main.ts and local/. */
export function checkVendors(tree: Tree): string[] {
  return eachSource(tree, (path, tokens) => {
    if (path === 'src/main.ts' || path.startsWith('src/local/')) return []
    const foreign = vendors.filter((vendor) => !path.startsWith(`src/surfaces/${vendor}/`))
    return tokens.flatMap(({ text, line }) => {
      if (path.startsWith('src/catalogue/infra/') && nameOfFile.test(text)) return []
      const vendor = foreign.find((word) => text.toLowerCase().includes(word))
      return vendor ? [`${path}:${line}: ${vendor}'s words belong in src/surfaces/${vendor}`] : []
    })
  })
}

/** Waiting, the clock and chance in the domain, which is pure and synchronous. */
export function checkDomain(tree: Tree): string[] {
  const banned = /^(async|await|Promise|setTimeout|setInterval|setImmediate|fetch|process|performance)$/
  return eachSource(tree, (path, tokens) => {
    if (!path.startsWith('src/domain/')) return []
    return tokens.flatMap(({ kind, text, line }, at) => {
      const bad =
        (kind === 'word' && banned.test(text)) ||
        readsClock(tokens, at) ||
        isCall(tokens, at, 'Math', 'random')
      return bad ? [`${path}:${line}: the domain is pure and synchronous (${text})`] : []
    })
  })
}

/** The clock read elsewhere than where the house is put together. Everything else asks `ctx.now()`. */
export function checkClock(tree: Tree): string[] {
  return eachSource(tree, (path, tokens) => {
    if (path === 'src/main.ts' || path.startsWith('src/local/') || path.startsWith('src/domain/')) return []
    return tokens.flatMap(({ line }, at) =>
      readsClock(tokens, at) ? [`${path}:${line}: ctx.now() is the only clock`] : [],
    )
  })
}

/** The database's own clock in SQL: two clocks never agree, and the tests could not set this one. */
export function checkSql(tree: Tree): string[] {
  const clock =
    /\b(now\s*\(|current_timestamp\b|current_date\b|clock_timestamp\s*\(|statement_timestamp\s*\()/i
  const scripts = [...tree].flatMap(([path, text]) => {
    if (!path.endsWith('.sql')) return []
    const code = text.replaceAll(/--[^\n]*/g, '')
    return clock.test(code) ? [`${path}: SQL asks ctx.now() for the time, not the database`] : []
  })
  const templates = eachSource(tree, (path, tokens) => {
    if (!path.startsWith('src/store/')) return []
    return tokens.flatMap(({ kind, text, line }) =>
      kind === 'template' && clock.test(text) ? [`${path}:${line}: SQL asks ctx.now() for the time`] : [],
    )
  })
  return [...scripts, ...templates]
}

function eachSource(tree: Tree, check: (path: string, tokens: Token[]) => string[]): string[] {
  return [...tree].flatMap(([path, text]) =>
    path.startsWith('src/') && path.endsWith('.ts') ? check(path, tokenise(text)) : [],
  )
}

function readsClock(tokens: Token[], at: number): boolean {
  if (isCall(tokens, at, 'Date', 'now')) return true
  const [first, second, third, fourth] = tokens.slice(at, at + 4).map((token) => token.text)
  return first === 'new' && second === 'Date' && (third !== '(' || fourth === ')')
}

function isCall(tokens: Token[], at: number, object: string, method: string): boolean {
  const [first, dot, second] = tokens.slice(at, at + 3)
  return first?.kind === 'word' && first.text === object && dot?.text === '.' && second?.text === method
}
