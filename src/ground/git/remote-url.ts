/** How a repository is spoken to; a folder of this machine by `file`. */
export type Transport = 'https' | 'http' | 'ssh' | 'git' | 'file'

const schemes: Readonly<Record<string, Transport>> = {
  'https:': 'https',
  'http:': 'http',
  'ssh:': 'ssh',
  'git:': 'git',
  'file:': 'file',
}

// As git knows it: user@host:path, where no slash stands before the colon.
const scpLike = /^(?:([A-Za-z0-9_.][A-Za-z0-9_.-]*)@)?([A-Za-z0-9_.][A-Za-z0-9_.-]*):(?!\/\/)([^-].*)$/

export interface RemoteUrl {
  transport: Transport
  /** Who is named in it. */
  user?: string
}

/** What is wrong with where a repository is said to be, or how it is spoken to. */
export function readRemoteUrl(url: string): RemoteUrl | { fault: string } {
  if (url === '' || url.length > 2000) return { fault: 'must be 1 to 2000 characters long' }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001F\u007F]/.test(url) || !url.isWellFormed())
    return { fault: 'has characters that no URL has' }
  if (url.startsWith('-')) return { fault: 'must not begin with a dash' }
  if (/^[A-Za-z0-9+.-]+::/.test(url))
    return { fault: `${url.split('::')[0]}:: runs a program and is not allowed` }
  if (url.startsWith('/')) return { transport: 'file' }
  if (/^[A-Za-z0-9+.-]+:\/\//.test(url)) return readScheme(url)
  const [, user, host, path] = scpLike.exec(url) ?? []
  if (!host || !path)
    return { fault: 'must be an https, http, ssh, git or file URL, user@host:path, or an absolute path' }
  return { transport: 'ssh', ...(user ? { user } : {}) }
}

function readScheme(text: string): RemoteUrl | { fault: string } {
  const url = URL.parse(text)
  if (!url || /\s/.test(text)) return { fault: 'is no URL' }
  const transport = schemes[url.protocol]
  if (!transport) return { fault: `${url.protocol}// is not spoken here; use https, http, ssh, git or file` }
  if (url.password !== '') return { fault: 'must not hold a password: that is what credential is for' }
  if (transport === 'file')
    return /^file:\/\/(?:localhost)?\//i.test(text)
      ? { transport }
      : { fault: 'must name a folder of this machine' }
  const [user, path] = [decoded(url.username), decoded(url.pathname)]
  if (user === undefined || path === undefined) return { fault: 'has a part that cannot be decoded' }
  if (url.hostname === '' || /^[a-z]+:\/\/\//i.test(text)) return { fault: 'names no host' }
  if ([user, url.hostname, path.slice(1)].some((part) => part.startsWith('-')))
    return { fault: 'has a part that begins with a dash' }
  return { transport, ...(user ? { user } : {}) }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A repository that is not spoken to. */
export class ForbiddenRemoteError extends Error {
  constructor(fault: string) {
    super(`The repository's URL ${fault}`)
    this.name = 'ForbiddenRemoteError'
  }
}

/** @throws ForbiddenRemoteError */
export function requireRemoteUrl(url: string): RemoteUrl {
  const read = readRemoteUrl(url)
  if ('fault' in read) throw new ForbiddenRemoteError(read.fault)
  return read
}
