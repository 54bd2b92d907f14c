import { Compile } from 'typebox/compile'
import { DomainError, type FieldFault } from '#domain/errors.ts'
import {
  configurationSchema,
  infraKeys,
  type Declared,
  type DeclaredProject,
} from './configuration-schema.ts'
import type { ConfigurationText } from './configuration-text.ts'
import { deployFaults } from './deploy-settings.ts'
import type { ProjectPart } from './project-part.ts'

/** Everything that can be said of a file without looking at the store. Throws `invalid` with every fault. */
export function checkConfiguration(text: ConfigurationText, parts: readonly ProjectPart[]): Declared {
  const faults = shapeFaults(text, parts)
  if (faults.length > 0) throw new DomainError('invalid', { faults })
  const declared = text.value as Declared
  const found = [
    ...twice(
      text,
      'users',
      declared.users?.map(({ email }) => email.toLowerCase()),
    ),
    ...twice(
      text,
      'tokens',
      declared.tokens?.map(({ name }) => name),
    ),
    ...twice(
      text,
      'projects',
      declared.projects?.map(({ key }) => key),
    ),
    ...twice(
      text,
      'webhooks',
      declared.webhooks?.map(({ name }) => name),
    ),
    ...(declared.projects ?? []).flatMap((project, index) =>
      projectFaults(text, project, `projects.${index}`, parts),
    ),
  ]
  if (found.length > 0) throw new DomainError('invalid', { faults: found })
  return declared
}

function shapeFaults(text: ConfigurationText, parts: readonly ProjectPart[]): FieldFault[] {
  const faults = new Map<string, FieldFault>()
  const words = new Map<string, string[]>()
  for (const { instancePath, keyword, message, params } of Compile(configurationSchema(parts)).Errors(
    text.value,
  )) {
    const path = instancePath.slice(1).replaceAll('/', '.')
    if (keyword === 'boolean') faults.set(path, text.faultAt(path, 'unknown', 'is no key that is known here'))
    else if (keyword === 'required')
      for (const missing of (params as { requiredProperties: string[] }).requiredProperties) {
        const at = path === '' ? missing : `${path}.${missing}`
        faults.set(at, text.faultAt(at, 'required', 'is missing'))
      }
    else if (keyword === 'const') {
      // One for each word that it could have been.
      const allowed = [...(words.get(path) ?? []), String((params as { allowedValue: unknown }).allowedValue)]
      words.set(path, allowed)
      faults.set(path, text.faultAt(path, 'invalid', `must be ${allowed.join(' or ')}`))
    } else if (keyword !== 'additionalProperties' && !faults.has(path))
      faults.set(path, text.faultAt(path, 'invalid', message))
  }
  return [...faults.values()]
}

function twice(text: ConfigurationText, list: string, names: readonly string[] = []): FieldFault[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [text.faultAt(`${list}.${index}`, 'not_unique', `names ${name} a second time`)],
  )
}

function projectFaults(
  text: ConfigurationText,
  { kind, environments = [], ...rest }: DeclaredProject,
  path: string,
  parts: readonly ProjectPart[],
): FieldFault[] {
  const faults: FieldFault[] = []
  if (!parts.some((part) => part.kind === kind))
    faults.push(text.faultAt(`${path}.kind`, 'invalid', `${kind} is not available yet`))
  for (const part of parts)
    if (part.kind !== kind && rest[part.kind] !== undefined)
      faults.push(
        text.faultAt(`${path}.${part.kind}`, 'invalid', `does not belong to a project of kind ${kind}`),
      )
  const names = environments.map(({ name }) => name)
  faults.push(...twice(text, `${path}.environments`, names))
  environments.forEach((environment, index) => {
    const at = `${path}.environments.${index}`
    const { parent, deploy, auto_promote } = environment
    if (parent !== undefined && (parent === environment.name || !names.includes(parent)))
      faults.push(
        text.faultAt(`${at}.parent`, 'unknown', `${parent} is no other environment of this project`),
      )
    if (auto_promote && kind !== 'code')
      faults.push(text.faultAt(`${at}.auto_promote`, 'invalid', 'is for projects of code'))
    for (const [key, detail] of deploy ? deployFaults(deploy, kind) : [])
      faults.push(text.faultAt(`${at}.deploy.${key}`, 'invalid', detail))
    faults.push(
      ...twice(
        text,
        `${at}.freezes`,
        environment.freezes?.map(({ name }) => name),
      ),
    )
    for (const key of infraKeys)
      if (environment[key] !== undefined && kind !== 'infra')
        faults.push(text.faultAt(`${at}.${key}`, 'invalid', 'is for projects of infrastructure'))
  })
  return faults
}
