import { invalidField } from '#domain/errors.ts'
import { listEnvironments } from '#store/environment.ts'
import { findProjectByKey } from '#store/project.ts'
import type { Context, Unit } from '../context.ts'
import { declareWebhookIn } from '../webhooks/declare-webhook.ts'
import type { DeclaredWebhook } from './configuration-schema.ts'
import type { ConfigurationText } from './configuration-text.ts'
import { placing } from './placing.ts'

/** Makes the webhooks what is declared of them. Neither their secrets nor their URLs are in a line. */
export async function declareWebhooks(
  ctx: Context,
  unit: Unit,
  text: ConfigurationText,
  webhooks: readonly DeclaredWebhook[],
): Promise<string[]> {
  const lines: string[] = []
  for (const [index, { project, environments, ...declared }] of webhooks.entries()) {
    const { description = '', disabled = false } = declared
    const done = await placing(text, `webhooks.${index}`, async () => {
      const project_id = project === undefined ? null : (await findProjectByKey(unit.tx, project))?.id
      if (project_id === undefined) throw invalidField('project', 'unknown', `${project} is no project`)
      const environment_ids = await environmentIds(unit, project_id, environments)
      return declareWebhookIn(ctx, unit, { ...declared, project_id, environment_ids, description, disabled })
    })
    if (done !== 'unchanged') lines.push(`${done === 'created' ? '+' : '~'} webhook ${declared.name}`)
  }
  return lines
}

async function environmentIds(
  unit: Unit,
  project_id: string | null,
  names: readonly string[] | undefined,
): Promise<string[] | null> {
  if (names === undefined) return null
  if (project_id === null)
    throw invalidField('project', 'required', 'is required where environments are named')
  const known = await listEnvironments(unit.tx, project_id)
  return names.map((name, at) => {
    const environment = known.find((one) => one.name === name)
    if (environment) return environment.id
    throw invalidField(`environments.${at}`, 'unknown', `${name} is no environment of the project`)
  })
}
