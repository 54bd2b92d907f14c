import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { getProjectByKey } from '#app/projects/get-project.ts'
import { asPrincipal } from '#app/context.ts'
import { insertInfraSettings } from '#store/infra-settings.ts'
import { usualModules } from '../infra-modules.ts'
import type { Site } from '../native/site.ts'

/** A project of infrastructure beside the site, with one resource; nobody here deploys it. */
export async function makePlatform(t: TestContext, site: Site): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const [where, files] of Object.entries(usualModules))
    for (const [path, text] of Object.entries(files)) put(join('modules', where, path), text)
  const resource = { kind: 'config', flavor: 'default', version: '0.1', spec: { content: 'x' } }
  put('blueprint/config/instances/one.json', JSON.stringify(resource))
  await site.client.createProject({ key: 'platform', kind: 'infra' })
  const ctx = asPrincipal(site.house, null)
  const { id: project_id } = await getProjectByKey(ctx, { key: 'platform' })
  const [blueprint_path, modules_path] = [join(folder, 'blueprint'), join(folder, 'modules')]
  const at = { updated_at: ctx.now() }
  await ctx.db.deleteFrom('infra_settings').where('project_id', '=', project_id).execute()
  await insertInfraSettings(ctx.db, { project_id, blueprint_path, modules_path, ...at })
  await site.client.createEnvironment('platform', { name: 'staging' })
  const nobody = { executor: 'none' }
  await ctx.db.updateTable('environment').set(nobody).where('project_id', '=', project_id).execute()
}
