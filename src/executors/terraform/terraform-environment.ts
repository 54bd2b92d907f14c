import { join } from 'node:path'
import type { StateAccess } from './bench.ts'
import type { TerraformSettings } from './settings.ts'
import type { WorkFolder } from './work-folder.ts'

/** Laid into each folder, so that nobody's own settings of Terraform count. */
export const cliConfigFile = 'terraform.rc'

/** Would make it speak otherwise, work elsewhere or on another state than it is told to. */
const ours =
  /^TF_(?:HTTP_(?:\w*ADDRESS|USERNAME|PASSWORD|\w*METHOD)|IN_AUTOMATION|INPUT|DATA_DIR|WORKSPACE|LOG.*)$/

/** All that Terraform finds in its environment: nothing of ours but PATH. */
export function terraformEnvironment(
  folder: WorkFolder,
  settings: TerraformSettings,
  state: StateAccess,
): Record<string, string> {
  const added = Object.entries(settings.environment).filter(([name]) => !ours.test(name))
  return {
    ...plainEnvironment(folder),
    CHECKPOINT_DISABLE: '1',
    TF_CLI_CONFIG_FILE: join(folder.path, cliConfigFile),
    ...Object.fromEntries(added),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    TF_HTTP_ADDRESS: state.address,
    TF_HTTP_LOCK_ADDRESS: state.lock_address,
    TF_HTTP_UNLOCK_ADDRESS: state.unlock_address,
    TF_HTTP_USERNAME: state.username,
    TF_HTTP_PASSWORD: state.password,
  }
}

/** What no program can do without. */
export function plainEnvironment({ path }: WorkFolder): Record<string, string> {
  const { PATH = '/usr/local/bin:/usr/bin:/bin' } = process.env
  return { PATH, HOME: path, TMPDIR: path, LANG: 'C.UTF-8' }
}
