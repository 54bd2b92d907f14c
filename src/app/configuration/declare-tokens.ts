import { invalidField } from '#domain/errors.ts'
import { findUserByEmail } from '#store/user.ts'
import type { Context, Unit } from '../context.ts'
import { declareTokenIn } from '../identity/declare-token.ts'
import { placing } from './placing.ts'
import type { DeclaredToken } from './configuration-schema.ts'
import type { ConfigurationText } from './configuration-text.ts'

/** Makes the instance's tokens what is declared of them. Their secrets are in no line. */
export async function declareTokens(
  ctx: Context,
  unit: Unit,
  text: ConfigurationText,
  tokens: readonly DeclaredToken[],
): Promise<string[]> {
  const lines: string[] = []
  for (const [index, { name, user, secret, scopes }] of tokens.entries()) {
    const done = await placing(text, `tokens.${index}`, async () => {
      const owner = await findUserByEmail(unit.tx, user)
      if (!owner) throw invalidField('user', 'unknown', `${user} is no user`)
      return declareTokenIn(ctx, unit, { kind: 'service', name, secret, scopes, user_id: owner.id })
    })
    if (done !== 'unchanged') lines.push(`${done === 'created' ? '+' : '~'} token ${name}`)
  }
  return lines
}
