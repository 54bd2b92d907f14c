import type { WalkWorld } from './walk-world.ts'

interface Paths {
  paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example?: object }> } }>>
}

function samplesIn(paths: Paths['paths'], named: (path: string) => string): Map<string, object> {
  const found = new Map<string, object>()
  for (const [path, operations] of Object.entries(paths))
    for (const [method, { requestBody }] of Object.entries(operations)) {
      const example = requestBody?.content['application/json']?.example
      if (example) found.set(`${method.toUpperCase()} ${named(path)}`, example)
    }
  return found
}

/** A sample body of every route that takes one, by `POST /headgate/v1/…` as the golden list has it. */
export async function nativeSamples({ site }: WalkWorld): Promise<Map<string, object>> {
  const { paths } = (await (await site.ask('/docs/native.json')).json()) as Paths
  return samplesIn(paths, (path) => path.replaceAll(/\{(\w+)\}/g, ':$1'))
}

/** As `nativeSamples`, of the vendor's document, by method and path without the names of parameters. */
export async function stackSamples({ site }: WalkWorld): Promise<Map<string, object>> {
  const { paths } = (await (await site.ask('/docs/contentstack.json')).json()) as Paths
  return samplesIn(paths, (path) => path.replaceAll(/\{\w+\}/g, ':'))
}
