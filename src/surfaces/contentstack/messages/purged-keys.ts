import { externalFor } from '#app/external-ids/resolve-external.ts'
import type { MessageFormat } from '#app/webhooks/message-format.ts'
import { readContentKey } from '#domain/content-key.ts'
import { surface } from '../ids.ts'
import { assetKind } from '../translate/release.ts'
import { assetType, surrogateKey } from '../translate/surrogate-keys.ts'

const mostKeys = 2000

/** The keys of the delivery API's answers that show these, in an environment; its own where there are too many. */
export function purged(
  environment_uid: string | undefined,
  changed: readonly { uid: string; kind: string }[],
): string[] {
  if (environment_uid === undefined) return []
  const kinds = changed.map(({ kind }) => (kind === assetKind ? assetType : kind))
  const names = new Set([...kinds, ...changed.map(({ uid }) => uid)])
  if (names.size > mostKeys) return [environment_uid]
  return [...names].map((name) => surrogateKey(environment_uid, name))
}

/** For messages in any words. An environment that no client has asked for has no key: nothing is kept of it. */
export const surrogateKeysOf: MessageFormat['surrogateKeys'] = async (ctx, { environment_id }, items) => {
  const uid = (await externalFor(ctx, surface, 'environment', [environment_id])).get(environment_id)
  if (uid === undefined) return []
  if (items === undefined) return [uid]
  const changed = items.flatMap(({ item_key, kind }) => {
    const key = readContentKey(item_key)
    return key ? [{ uid: key.uid, kind }] : []
  })
  return purged(uid, changed)
}
