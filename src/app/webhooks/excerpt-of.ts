const most = 1024

/** What an answer may echo of what it was sent, or say by mistake. */
const secrets = [
  /whsec_[A-Za-z0-9+/=]+/g,
  /v1,[A-Za-z0-9+/=]{40,}/g,
  /\b(?:bearer|basic)\s+[\w.~+/=-]+/gi,
  /("?[\w-]*(?:authorization|password|passwd|secret|token|api[-_]?key|cookie)[\w-]*"?\s*[:=]\s*)("[^"]*"|[^\s,;&"}]+)/gi,
]

/** The first kilobyte of an answer, without control characters and without what looks like a credential. */
export function excerptOf(body: string): string | null {
  if (body === '') return null
  let text = body.replaceAll(/[^\P{C}\n\t]/gu, ' ')
  for (const secret of secrets)
    text = text.replaceAll(secret, (_all, name: unknown) =>
      typeof name === 'string' ? `${name}[redacted]` : '[redacted]',
    )
  return text.slice(0, most)
}
