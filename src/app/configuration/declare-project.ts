import { isDeepStrictEqual } from 'node:util'
import { listEnvironments, type EnvironmentRow } from '#store/environment.ts'
import { findProjectByKey } from '#store/project.ts'
import { invalidField } from '#domain/errors.ts'
import type { Context, Unit } from '../context.ts'
import { usualExecutor } from '../environments/usual-executor.ts'
import { createEnvironmentIn } from '../environments/create-environment.ts'
import { setDeployerIn } from '../environments/set-deployer.ts'
import { updateEnvironmentIn } from '../environments/update-environment.ts'
import { declareInfraEnvironmentIn } from '../infra/declare-infra-environment.ts'
import { createProjectIn } from '../projects/create-project.ts'
import { updateProjectIn } from '../projects/update-project.ts'
import { declareFreezes } from './declare-freezes.ts'
import { within } from './placing.ts'
import type { DeclaredEnvironment, DeclaredProject } from './configuration-schema.ts'
import { deploysSo, settingsOf } from './deploy-settings.ts'
import type { ProjectPart } from './project-part.ts'

/** Makes a project what is declared of it. Answers what it did, a line each. */
export async function declareProject(
  ctx: Context,
  unit: Unit,
  declared: DeclaredProject,
  parts: readonly ProjectPart[],
  folder: string,
): Promise<string[]> {
  const { key, kind, name } = declared
  const lines: string[] = []
  let project = await findProjectByKey(unit.tx, key)
  const created = project === undefined
  if (!project) {
    project = await createProjectIn(ctx, unit, { key, kind, name: name ?? key })
    lines.push(`+ project ${key}`)
  } else if (project.kind !== kind) {
    throw invalidField('kind', 'immutable', `is ${project.kind} since the project was made`)
  } else if (name !== undefined && name !== project.name) {
    await updateProjectIn(ctx, unit, { project_id: project.id, name })
    lines.push(`~ project ${key} name`)
  }
  const { environments, lines: environmentLines } = await declareEnvironments(ctx, unit, project.id, declared)
  lines.push(...environmentLines)
  const part = parts.find((one) => one.kind === kind)!
  const done = await part.apply(
    { ctx, unit, project: { id: project.id, key, created }, environments, folder },
    declared[kind] ?? {},
  )
  return [
    ...lines,
    ...done.map((line) => (/^[+~] /.test(line) ? `${line} (${key})` : `~ project ${key} ${line}`)),
  ]
}

/** Parents come after all of them are there: the file may name them in any order. */
async function declareEnvironments(
  ctx: Context,
  unit: Unit,
  project_id: string,
  { key, kind, environments = [] }: DeclaredProject,
): Promise<{ environments: { id: string; name: string; fixed_id?: string }[]; lines: string[] }> {
  const lines: string[] = []
  const known = new Map((await listEnvironments(unit.tx, project_id)).map((row) => [row.name, row]))
  const made = new Set<string>()
  for (const { name } of environments) {
    if (known.has(name)) continue
    known.set(name, await createEnvironmentIn(ctx, unit, { project_id, name, executor: usualExecutor[kind] }))
    made.add(name)
    lines.push(`+ environment ${key}/${name}`)
  }
  for (const [index, declared] of environments.entries()) {
    const row = known.get(declared.name)!
    const change = differences(row, declared, known)
    const changed = Object.keys(change)
    if (changed.length > 0)
      await within(`environments.${index}`, () =>
        updateEnvironmentIn(ctx, unit, { project_id, environment_id: row.id, ...change }),
      )
    if (await declareDeployer(ctx, unit, row, declared)) changed.push('deploy')
    if (changed.length > 0 && !made.has(declared.name))
      lines.push(`~ environment ${key}/${declared.name} ${changed.join(', ')}`)
    const at = `environments.${index}`
    const place = {
      ...{ project_id, environment_id: row.id, label: `${key}/${declared.name}` },
      path: `${at}.freezes`,
    }
    if (kind === 'infra')
      lines.push(...(await within(at, () => declareInfraEnvironmentIn(ctx, unit, place, declared))))
    if (declared.freezes) lines.push(...(await declareFreezes(ctx, unit, place, declared.freezes)))
  }
  const fixed = new Map(environments.map(({ name, id }) => [name, id]))
  const all = [...known.values()].map(({ id, name }) => {
    const fixed_id = fixed.get(name)
    return fixed_id === undefined ? { id, name } : { id, name, fixed_id }
  })
  return { environments: all, lines }
}

/** Whether it deploys in another way from here on. */
async function declareDeployer(
  ctx: Context,
  unit: Unit,
  row: EnvironmentRow,
  { deploy }: DeclaredEnvironment,
): Promise<boolean> {
  if (!deploy || deploysSo(ctx.vault, row, deploy)) return false
  const { id: environment_id, project_id } = row
  const settings = settingsOf(ctx.vault, environment_id, deploy)
  await setDeployerIn(ctx, unit, { project_id, environment_id, executor: deploy.executor, settings })
  return true
}

function differences(
  row: EnvironmentRow,
  { tier, parent, requires_parent, auto_promote, approvals }: DeclaredEnvironment,
  known: ReadonlyMap<string, EnvironmentRow>,
) {
  const wanted = {
    ...(tier === undefined ? {} : { tier }),
    ...(parent === undefined ? {} : { parent_id: known.get(parent)?.id ?? null }),
    ...(requires_parent === undefined ? {} : { requires_parent }),
    ...(auto_promote === undefined ? {} : { auto_promote }),
    ...(approvals === undefined ? {} : { approvals_needed: approvals.count }),
    ...(approvals?.timeout_hours === undefined
      ? {}
      : { approval_timeout_seconds: Math.round(approvals.timeout_hours * 3600) }),
  }
  const entries = Object.entries(wanted).filter(
    ([column, value]) => !isDeepStrictEqual(row[column as keyof EnvironmentRow], value),
  )
  return Object.fromEntries(entries) as typeof wanted
}
