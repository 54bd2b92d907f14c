import type { Site } from './content.ts'
import type { Speak } from './speak.ts'

interface LiveItem {
  key: string
  kind: string
  title: string
  version: string
}

const environments = ['staging', 'production']

/** A table of what is live where, with the URLs to read it. */
export async function printLive(
  { url, project, native, site }: { url: string; project: string; native: Speak; site: Site },
  say: (line: string) => void,
): Promise<void> {
  const rows = new Map<string, { title: string; locale: string; versions: Record<string, string> }>()
  for (const environment of environments) {
    const { items } = await native<{ items: LiveItem[] }>(
      'GET',
      `/projects/${project}/environments/${environment}/live?limit=200`,
    )
    for (const { key, title, version } of items) {
      const row = rows.get(key) ?? { title, locale: key.split('/').at(-1)!, versions: {} }
      row.versions[environment] = version
      rows.set(key, row)
    }
  }
  const table = [...rows.values()]
    .toSorted((a, b) => a.locale.localeCompare(b.locale) || a.title.localeCompare(b.title))
    .map(({ title, locale, versions }) => [
      title,
      locale,
      ...environments.map((name) => versions[name] ?? '-'),
    ])
  const lines = [['live now', 'locale', ...environments], ...table]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)))
  say('')
  for (const line of lines)
    say(
      `  ${line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd()}`,
    )
  say('')
  say('Read it as a site does:')
  for (const name of environments)
    say(
      `  curl -H 'api_key: ${site.api_key}' -H 'access_token: ${site.delivery_token}' ` +
        `'${url}/v3/content_types/article/entries?environment=${name}'`,
    )
}
