/**
 * How content is pinned. The key of an item is `<branch>/<uid>/<locale>`; its version is `3`, or `3@en-us` where the
 * locale is not written in and the version is that of a locale it falls back to.
 */
export interface ContentKey {
  branch: string
  uid: string
  locale: string
}

export function contentKey({ branch, uid, locale }: ContentKey): string {
  return `${branch}/${uid}/${locale}`
}

const keyShape = /^([a-z0-9_.-]{1,64})\/([A-Za-z0-9_.-]{1,128})\/([A-Za-z0-9-]{1,32})$/

/** The parts of a key, or undefined when it is none. */
export function readContentKey(key: string): ContentKey | undefined {
  const [, branch, uid, locale] = keyShape.exec(key) ?? []
  return branch && uid && locale ? { branch, uid, locale } : undefined
}

export interface ContentVersion {
  version: number
  /** The locale whose version it is. */
  source_locale: string
}

export function contentVersion({ version, source_locale }: ContentVersion, locale: string): string {
  return source_locale === locale ? String(version) : `${version}@${source_locale}`
}

const versionShape = /^([1-9][0-9]{0,8})(?:@([A-Za-z0-9-]{1,32}))?$/

/** The parts of a version text, or undefined when it is none. */
export function readContentVersion(text: string, locale: string): ContentVersion | undefined {
  const [, version, source] = versionShape.exec(text) ?? []
  return version ? { version: Number(version), source_locale: source ?? locale } : undefined
}
