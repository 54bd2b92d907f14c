import type { Surface } from '#surfaces/contract.ts'
import { answerError, answerUnmatched } from './errors.ts'
import { mount, root } from './mount.ts'

/** Terraform's and OpenTofu's HTTP backend, one address for each environment: spec/facets.md 5.3. */
export const terraformState: Surface = {
  name: 'terraform-state',
  claims: (path) => path === root || path.startsWith(`${root}/`),
  mount,
  fail: answerError,
  unmatched: answerUnmatched,
}
