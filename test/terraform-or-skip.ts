import { spawnSync } from 'node:child_process'
import type { TestContext } from 'node:test'

/** Whether there is a Terraform. Where there is none the test is skipped, aloud; or fails, where it is required. */
export function terraformOrSkip(t: TestContext): boolean {
  if (['terraform', 'tofu'].some((binary) => spawnSync(binary, ['version']).status === 0)) return true
  const said = 'NO TERRAFORM: neither terraform nor tofu is on PATH, so that nothing is really applied'
  if (process.env.HEADGATE_TEST_TERRAFORM === 'required') throw new Error(said)
  t.skip(said)
  return false
}
