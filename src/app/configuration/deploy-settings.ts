import { isDeepStrictEqual } from 'node:util'
import { Type, type Static } from 'typebox'
import { factNames, unknownFacts } from '#domain/order-facts.ts'
import type { Vault } from '#ground/encryption.ts'
import type { JsonObject } from '#store/columns.ts'
import { usualExecutor, type ProjectKind } from '../environments/usual-executor.ts'
import { openSettings, sealSetting } from '../dispatches/executor-settings.ts'

const text = (most: number) => Type.String({ minLength: 1, maxLength: most })

const variableName = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$' })
const branchName = Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9._/+@#=-]{0,254}$' })
const slug = Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$' })
const secretText = Type.String({ pattern: '^[!-~]{8,1000}$' })

/**
 * How an environment deploys. Which keys belong to which executor says `deployFaults`: a union would answer a typing
 * error with a fault for each of its arms.
 */
export const Deploy = Type.Object(
  {
    executor: text(100),
    timeout_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 43_200 })),
    command: Type.Optional(Type.Array(Type.String({ maxLength: 10_000 }), { minItems: 1, maxItems: 1000 })),
    working_folder: Type.Optional(text(1000)),
    environment: Type.Optional(Type.Record(variableName, Type.String({ maxLength: 100_000 }))),
    url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2000 })),
    token: Type.Optional(secretText),
    repository: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$' }),
    ),
    workflow: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_][A-Za-z0-9._ -]{0,199}$' })),
    ref: Type.Optional(branchName),
    inputs: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]{0,99}$' }),
        Type.String({ maxLength: 10_000 }),
        { maxProperties: 25 },
      ),
    ),
    organization: Type.Optional(slug),
    pipeline: Type.Optional(slug),
    branch: Type.Optional(branchName),
    parameters: Type.Optional(
      Type.Record(variableName, Type.String({ maxLength: 10_000 }), { maxProperties: 100 }),
    ),
    webhook_token: Type.Optional(secretText),
    binary: Type.Optional(text(1000)),
    lock_timeout_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    secret: Type.Optional(Type.String({ pattern: '^(whsec_)?[A-Za-z0-9+/]{32,120}={0,2}$' })),
  },
  { additionalProperties: false },
)
export type Deploy = Static<typeof Deploy>

type Key = keyof Deploy

/** The keys that each executor has to be given, and those that it can be. */
const keysOf: Record<string, { needed: readonly Key[]; possible: readonly Key[] }> = {
  command: { needed: ['command'], possible: ['timeout_seconds', 'working_folder', 'environment'] },
  webhook: { needed: ['url', 'secret'], possible: ['timeout_seconds'] },
  'github-actions': {
    needed: ['workflow', 'token'],
    possible: ['timeout_seconds', 'repository', 'url', 'ref', 'inputs'],
  },
  buildkite: {
    needed: ['organization', 'pipeline', 'token'],
    possible: ['timeout_seconds', 'url', 'branch', 'parameters', 'webhook_token'],
  },
  terraform: { needed: [], possible: ['binary', 'environment', 'timeout_seconds', 'lock_timeout_seconds'] },
  none: { needed: [], possible: [] },
}

/** What is wrong with it beside its shape: key and sentence. Terraform is for infrastructure only. */
export function deployFaults(deploy: Deploy, kind: ProjectKind): [key: Key, detail: string][] {
  const { executor } = deploy
  const usual = executor === usualExecutor[kind]
  const possible = Object.keys(keysOf).filter((name) => name !== 'terraform' || kind === 'infra')
  const keys = possible.includes(executor) ? keysOf[executor] : usual ? keysOf.none : undefined
  if (!keys) {
    const known = [...new Set([usualExecutor[kind], ...possible])].join(', ')
    return [['executor', `${executor} is not available for ${kind}: these are, ${known}`]]
  }
  const faults: [Key, string][] = []
  for (const key of keys.needed)
    if (deploy[key] === undefined) faults.push([key, `is missing: ${executor} needs it`])
  for (const key of Object.keys(deploy) as Key[])
    if (key !== 'executor' && ![...keys.needed, ...keys.possible].includes(key))
      faults.push([key, `is no key of ${executor}`])
  for (const key of ['environment', 'parameters'] as const)
    for (const name of Object.keys(deploy[key] ?? {}))
      if (name.startsWith('HEADGATE_')) faults.push([key, `${name} is Headgate's own to set`])
  for (const key of ['inputs', 'parameters'] as const)
    for (const name of Object.values(deploy[key] ?? {}).flatMap(unknownFacts))
      faults.push([key, `\${${name}} is none of ${factNames.join(', ')}`])
  if (executor === 'github-actions' && kind !== 'code' && deploy.repository === undefined)
    faults.push(['repository', `is missing: a project of kind ${kind} has none`])
  return faults
}

/** As they lie in the store: what a command finds in its environment and what is signed and signed in with are sealed. */
export function settingsOf(vault: Vault, environmentId: string, deploy: Deploy): JsonObject {
  const { executor: _, environment, secret, token, webhook_token, ...plain } = deploy
  const seal = (value: string) => sealSetting(vault, environmentId, value)
  return {
    ...plain,
    ...(secret === undefined ? {} : { secret: seal(secret) }),
    ...(token === undefined ? {} : { token: seal(token) }),
    ...(webhook_token === undefined ? {} : { webhook_token: seal(webhook_token) }),
    ...(environment === undefined
      ? {}
      : {
          environment: Object.fromEntries(
            Object.entries(environment).map(([name, value]) => [name, seal(value)]),
          ),
        }),
  } as JsonObject
}

/** Whether that is how an environment deploys already. What cannot be opened any more is no longer that. */
export function deploysSo(
  vault: Vault,
  row: { id: string; executor: string; executor_settings: JsonObject },
  { executor, ...declared }: Deploy,
): boolean {
  if (row.executor !== executor) return false
  try {
    return isDeepStrictEqual(openSettings(vault, row.id, row.executor_settings), { ...declared })
  } catch {
    return false
  }
}
