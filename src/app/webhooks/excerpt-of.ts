const most = 1024

/** What an answer may echo of what it was sent, or say by mistake. */
const secrets = [/whsec_[A-Za-z0-9+/=]+/g, /v1,[A-Za-z0-9+/=]{40,}/g, /\b(?:bearer|basic)\s+[\w.~+/=-]+/gi]

/**
 * A word and what it is set to. Each word is begun at its beginning only: an answer of nothing but letters would else
 * be read once from each of them, and whoever sends it could hold up the whole process.
 */
const setting = /(?<![\w-])([\w-]+)("?\s{0,20}[:=]\s{0,20})("[^"]*"|[^\s,;&"}]+)/g
const secretName = /authorization|password|passwd|secret|token|api[-_]?key|cookie/i

/** The first kilobyte of an answer, without control characters and without what looks like a credential. */
export function excerptOf(body: string): string | null {
  if (body === '') return null
  let text = body.replaceAll(/[^\P{C}\n\t]/gu, ' ')
  for (const secret of secrets) text = text.replaceAll(secret, '[redacted]')
  text = text.replaceAll(setting, (all, name: string, sign: string) =>
    secretName.test(name) ? `${name}${sign}[redacted]` : all,
  )
  return text.slice(0, most).toWellFormed()
}
