/**
 * Strings of a configuration in JSON are templates: `${…}` is computed, `%{…}` steers. Whatever is not meant to be
 * either goes through here, values and keys alike, and comes out of Terraform as it went in.
 */

/** What begins a template; and a lone carriage return, behind which Terraform sees no template until the line ends. */
const special = /(?<![$%])(?:([$%]+)\{|[$%]*\r(?!\n))/g

/** A text that means itself. `beforeMore`: something computed follows it, so that it must not end in `$` or `%`. */
export function literal(text: string, beforeMore = false): string {
  const escaped = text.replaceAll(special, (found, run: string | undefined) => {
    if (run === undefined) return computed(quoted(found))
    return run.length === 1 ? `${run}${run}{` : `${computed(quoted(run))}{`
  })
  return beforeMore ? escaped.replace(/(?<![$%])[$%]+$/, (run) => computed(quoted(run))) : escaped
}

/** Something computed, inside a string. A string that is nothing else has the type of what it computes. */
export function computed(expression: string): string {
  return `\${${expression}}`
}

const named: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': String.raw`\"`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

/** A string inside an expression. No sign begins a template in it: those are written by their number. */
export function quoted(text: string): string {
  const signs = /[\\"\u0000-\u001F\u007F$%]/g
  const hex = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  return `"${text.replaceAll(signs, (sign) => named[sign] ?? hex(sign))}"`
}

/** `module.service__api.attributes["ports"][0]`. */
export function indexed(base: string, path: readonly (string | number)[]): string {
  return base + path.map((step) => (typeof step === 'number' ? `[${step}]` : `[${quoted(step)}]`)).join('')
}
