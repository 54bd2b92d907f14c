import type { ModuleContract } from '#domain/blueprint.ts'
import type { ModuleMaterial } from '#executors/terraform/bench.ts'
import { providerSource } from '../../../examples/file-provider/start-file-provider.ts'

const variables = `
variable "instance" { type = any }
variable "instance_name" { type = string }
variable "environment" { type = any }
variable "inputs" { type = any }
`

/** A module that is its `main.tf`, and says what of its contract is not usual. */
export function moduleOf(main: string, contract: Partial<ModuleContract> = {}): ModuleMaterial {
  const { intent = 'thing', folder = `${intent}/0.1` } = contract
  return {
    contract: {
      ...{ intent, flavor: 'default', version: '0.1', folder, entry: '' },
      variables: ['instance', 'instance_name', 'environment', 'inputs'],
      outputs: { attributes: true, interfaces: false, default: false },
      ...{ inputs: {}, offers: {}, requires: {} },
      ...contract,
    },
    files: new Map([['main.tf', Buffer.from(variables + main)]]),
  }
}

/** By intent. */
export const modules: Readonly<Record<string, ModuleMaterial>> = {
  /** Remembers its spec, and knows the id of what remembers it. */
  thing: moduleOf(`
resource "terraform_data" "this" {
  input = { spec = var.instance.spec, inputs = var.inputs, environment = var.environment }
  triggers_replace = try(var.instance.spec.generation, null)
}
locals {
  output_attributes = { id = terraform_data.this.id, said = try(var.instance.spec.says, ""), spec = var.instance.spec }
}`),
  /** A real file: \`spec.path\`, \`spec.content\`. */
  file: moduleOf(
    `
terraform {
  required_providers {
    file = { source = "${providerSource}" }
  }
}
resource "file_text" "this" {
  path           = var.instance.spec.path
  content        = try(var.instance.spec.content, null)
  content_secret = try(var.instance.spec.content_secret, null)
}
locals {
  output_attributes = { path = file_text.this.path, sha256 = file_text.this.sha256 }
}`,
    { intent: 'file' },
  ),
  /** Runs \`spec.command\` when it is made. */
  task: moduleOf(
    `
resource "terraform_data" "this" {
  input = var.instance.spec.command
  provisioner "local-exec" {
    command = self.input
  }
}
locals {
  output_attributes = { id = terraform_data.this.id }
}`,
    { intent: 'task' },
  ),
  guarded: moduleOf(
    `
resource "terraform_data" "this" {
  triggers_replace = var.instance.spec.generation
  lifecycle {
    prevent_destroy = true
  }
}
locals {
  output_attributes = { id = terraform_data.this.id }
}`,
    { intent: 'guarded' },
  ),
  broken: moduleOf('\nresource "terraform_data" "this" {\n  input = \n}\n', { intent: 'broken' }),
}
