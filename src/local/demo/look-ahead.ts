import type { Governed } from './govern.ts'

interface Conflict {
  code: string
  title: string
  here: string | null
  there: string | null
  release_name: string | null
  environment_name: string | null
}

interface Change {
  title: string
  key: string
  action: string
  before: string | null
  after: string | null
}

interface ReaderChange {
  title: string
  views: {
    locales: { code: string; by_fallback: boolean }[]
    change: string
    fields: { path: string; before: unknown; after: unknown }[]
  }[]
}

const sayings: Record<string, (conflict: Conflict) => string> = {
  older_than_live: ({ title, here, there, environment_name }) =>
    `"${title}" is pinned at ${here}, and ${environment_name} has ${there} already: it would go back`,
  other_release: ({ title, here, there, release_name }) =>
    `"${title}" is pinned at ${here} here and at ${there} in the open release "${release_name}"`,
  underway: ({ title, release_name, environment_name }) =>
    `"${title}" is in a deployment of "${release_name}" to ${environment_name} that is not over`,
  item_removed: ({ title }) => `"${title}" was deleted`,
}

/** Prints what else touches the items of a release, before anybody finds out the hard way. */
export async function printConflicts({ native, say }: Governed, release: string): Promise<void> {
  const { items } = await native<{ items: Conflict[] }>('GET', `/releases/${release}/conflicts`)
  for (const conflict of items) say(`conflict: ${sayings[conflict.code]?.(conflict) ?? conflict.code}`)
}

/** Prints what deploying a release would change, item by item and then as readers will see it, and deploys nothing. */
export async function printPlan(
  { native, project, say }: Governed,
  release: string,
  environment: string,
  ended: (id: string) => Promise<void>,
): Promise<void> {
  const path = `${project}/environments/${environment}/deployments`
  const { id } = await native<{ id: string }>('POST', path, { release, dry_run: true })
  await ended(id)
  const { changes } = await native<{ changes: Change[] }>('GET', `/deployments/${id}/plan`)
  for (const { title, key, action, before, after } of changes) {
    const what = `"${title}" (${key.split('/').at(-1)})`
    const line = action === 'none' ? `${what} stays at` : `${action} ${what}: ${before ?? 'not there'} ->`
    say(`plan:    ${line} ${after ?? 'not there'}`)
  }
  const { items } = await native<{ items: ReaderChange[] }>('GET', `/deployments/${id}/contents`)
  for (const { title, views } of items)
    for (const { locales, fields } of views)
      for (const { path, before, after } of fields)
        say(
          `readers: of ${locales.map(({ code }) => code).join(', ')} see in "${title}": ` +
            `${path} ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
        )
}
