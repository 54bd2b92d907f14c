/**
 * A configuration that asks for exactly those providers that a lock file names, so that they can be installed for a plan
 * whose own configuration lies inside it. Undefined: it names none.
 */
export function lockedProviders(lock: string | null): string | undefined {
  const sources = [...(lock ?? '').matchAll(/^provider "([^"\n]+)"/gm)].map(([, source]) => source)
  if (sources.length === 0) return undefined
  const required = Object.fromEntries(sources.map((source, at) => [`p${at}`, { source }]))
  return JSON.stringify({ terraform: { backend: { http: {} }, required_providers: required } })
}
