import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { rootFile } from './build-root.ts'
import { openEar } from './ear.ts'
import { blackener, type Session } from './open-session.ts'
import { prepare } from './prepare.ts'
import { runTerraform } from './terraform.ts'
import { unpostedState } from './work-folder.ts'

const backendAlone = JSON.stringify({ terraform: { backend: { http: {} } } })

/**
 * Posts a state that Terraform could not post, once more and after it gave up: what was away may be there again. Terraform
 * refuses that by itself where the state has moved on meanwhile. Whether it is saved now.
 */
export async function pushState(session: Session): Promise<boolean> {
  const { folder, terraform, tools, settings } = session
  const there = await access(join(folder.path, unpostedState)).then(
    () => true,
    () => false,
  )
  if (!there || tools.signal.aborted) return false
  await tools.log('engine', ['The state could not be posted; trying once more.'])
  await folder.lay(new Map([[rootFile, backendAlone]]))
  if ((await prepare(session, new Map())) !== undefined) return false
  const ear = openEar(tools, { redact: blackener(session), folders: new Map() })
  const wait = `-lock-timeout=${settings.lock_timeout_seconds}s`
  const code = await runTerraform(terraform, ['state', 'push', wait, unpostedState], { hear: ear.words })
  if (code === 0) await tools.log('engine', ['The state is saved.'])
  return code === 0
}
