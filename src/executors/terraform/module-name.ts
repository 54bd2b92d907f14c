import { hash } from 'node:crypto'

const ordinaryType = /^[A-Za-z][A-Za-z0-9-]*(?:_[A-Za-z0-9-]+)*$/
const ordinaryName = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/
const longest = 200

/**
 * What a resource is called in the configuration: `service__api`. No two resources are called the same. Ordinary names
 * (letters, digits, `-`, and single `_` between them) hold exactly one `__`; all others get a digest behind a second
 * one: `service__my_api_v2__0123456789abcdef0123456789abcdef`.
 */
export function moduleName(type: string, name: string): string {
  const plain = `${type}__${name}`
  if (ordinaryType.test(type) && ordinaryName.test(name) && plain.length <= longest) return plain
  const digest = hash('sha256', JSON.stringify([type, name])).slice(0, 32)
  return `${readable(type, 'x')}__${readable(name, 'x')}__${digest}`
}

/** The type and the name in an ordinary module's name; undefined for any other. */
export function readModuleName(module: string): { type: string; name: string } | undefined {
  const [type = '', name = '', more] = module.split('__')
  if (more !== undefined || !ordinaryType.test(type) || !ordinaryName.test(name)) return undefined
  return { type, name }
}

function readable(text: string, fallback: string): string {
  const shown = text
    .replaceAll(/[^A-Za-z0-9-]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 60)
  return shown.replace(/_+$/, '') || fallback
}
