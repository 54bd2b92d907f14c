import type { UidOf } from '../ids.ts'
import type { Environment } from '../find-environments.ts'
import type { EnvironmentAnswer } from '../wire-answers.ts'
import { writeTime } from './time.ts'

/** What an environment says to this vendor's clients only; each is kept under `contentstack/<field>`. */
export interface EnvironmentWords {
  urls?: unknown[]
  servers?: unknown[]
  deploy_content?: boolean
}

const word = (field: keyof EnvironmentWords) => `contentstack/${field}` as const

export function writeEnvironment(
  environment: Environment,
  names: { environments: UidOf; users: UidOf },
): EnvironmentAnswer {
  return {
    uid: names.environments(environment.id) ?? '',
    name: environment.name,
    urls: listOf(environment, 'urls'),
    servers: listOf(environment, 'servers'),
    deploy_content: environment.annotations[word('deploy_content')] !== false,
    ACL: [],
    tags: [],
    _version: environment.version,
    created_by: names.users(environment.created_by),
    updated_by: names.users(environment.updated_by),
    created_at: writeTime(environment.created_at),
    updated_at: writeTime(environment.updated_at),
  }
}

/** Its address for each language. */
export function urlsOf(environment: Environment): { locale?: string | null }[] {
  return listOf(environment, 'urls') as { locale?: string | null }[]
}

function listOf({ annotations }: Environment, field: 'urls' | 'servers') {
  const value = annotations[word(field)]
  return Array.isArray(value) ? value : []
}

/** The annotations with what was sent put in; what was not sent, and what others keep there, stays. */
export function readEnvironmentWords(
  { urls, servers, deploy_content }: EnvironmentWords,
  annotations: Environment['annotations'] = {},
): Environment['annotations'] {
  const sent = Object.entries({ urls, servers, deploy_content }).filter(([, value]) => value !== undefined)
  const kept = sent.map(([field, value]) => [word(field as keyof EnvironmentWords), value])
  return { ...annotations, ...Object.fromEntries(kept) }
}
