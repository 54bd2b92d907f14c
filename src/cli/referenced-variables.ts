import { isMap, isScalar, parseDocument, visit } from 'yaml'

/** The variables that a headgate.yaml names as `{ env: NAME }`, as far as they are set. */
export function referencedVariables(
  yaml: string,
  env: Record<string, string | undefined>,
): Record<string, string> {
  const found: Record<string, string> = {}
  visit(parseDocument(yaml), {
    Map(_key, map) {
      const [pair] = map.items
      if (!isMap(map) || map.items.length !== 1 || !pair || !isScalar(pair.key) || pair.key.value !== 'env')
        return
      const name = isScalar(pair.value) ? pair.value.value : undefined
      const value = typeof name === 'string' ? env[name] : undefined
      if (typeof name === 'string' && value !== undefined) found[name] = value
    },
  })
  return found
}
