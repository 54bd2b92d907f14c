import { makeSigningKey, signWithKey } from '#ground/signatures.ts'
import { findSigningKey, insertSigningKey, type SigningKeyRow } from '#store/signing-key.ts'
import type { House } from '../context.ts'
import { memoryOf } from '../memory.ts'

/** What the installation signs with under a name, made at its first use. For everybody to verify with. */
export async function publicKeyOf(house: House, name: string): Promise<string> {
  return (await signingKey(house, name)).public_key
}

/** RSASSA-PSS over SHA-256 by the installation's key of this name, in base64. */
export async function signMessage(house: House, name: string, body: string): Promise<string> {
  const { private_key } = await signingKey(house, name)
  return signWithKey(body, house.vault.open(private_key, contextOf(name)))
}

const contextOf = (name: string) => `signing key ${name}`

/** Once made it stays, and each message wants it. */
async function signingKey(house: House, name: string): Promise<SigningKeyRow> {
  const known = await memoryOf(house).recall(contextOf(name), house.now().getTime(), () =>
    findSigningKey(house.db, name),
  )
  if (known) return known
  const { private_key, public_key } = await makeSigningKey()
  const sealed = house.vault.seal(private_key, contextOf(name))
  await insertSigningKey(house.db, { name, private_key: sealed, public_key, created_at: house.now() })
  // Another process may have been quicker.
  const kept = await findSigningKey(house.db, name)
  if (!kept) throw new Error(`the signing key ${name} that was just made is not there`)
  return kept
}
