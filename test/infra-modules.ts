import { providerSource } from '../examples/file-provider/start-file-provider.ts'

/** A module's files, by their path inside its folder. */
export type ModuleFiles = Readonly<Record<string, string>>

/** The four variables that every module has, and the provider whose resources are files. */
const begin = `
terraform {
  required_providers {
    file = { source = "${providerSource}" }
  }
}
variable "instance" { type = any }
variable "instance_name" { type = string }
variable "environment" { type = any }
variable "inputs" {
  type    = any
  default = {}
}
`

/**
 * A file of settings: `spec.content`, or `spec.content_secret`, lies in `<environment>/<name>.config`. Others refer to
 * its attributes `path` and `content`.
 */
const config: ModuleFiles = {
  'facets.yaml': `
intent: config
flavor: default
version: "0.1"
clouds: [AWS, GCP, AZURE, KUBERNETES, NO_CLOUD, LOCAL]
description: A file of settings
spec:
  type: object
  properties:
    content: { type: string }
    content_secret: { type: string }
    mode: { type: string }
outputs:
  default: { type: "@headgate/config" }
`,
  'main.tf': `${begin}
resource "file_text" "this" {
  path           = "\${var.environment.name}/\${var.instance_name}.config"
  content        = try(var.instance.spec.content, null)
  content_secret = try(var.instance.spec.content_secret, null)
  mode           = try(var.instance.spec.mode, null)
}
`,
  'outputs.tf': `
locals {
  output_attributes = {
    path    = file_text.this.path
    content = file_text.this.content
  }
  output_interfaces = {}
}
`,
}

/** An application: its spec lies as JSON in `<environment>/<name>.service`. Its image is what CI registered. */
const service: ModuleFiles = {
  'facets.yaml': `
intent: service
flavor: default
version: "0.1"
clouds: [AWS, GCP, AZURE, KUBERNETES, NO_CLOUD, LOCAL]
description: An application
spec:
  type: object
  properties:
    env: { type: object }
    release: { type: object }
    replicas: { type: integer, minimum: 0 }
inputs:
  settings: { type: "@headgate/config", optional: true }
outputs:
  default: { type: "@headgate/service" }
artifact_inputs:
  primary: { attribute_path: spec.release.image, artifact_type: docker_image }
`,
  'main.tf': `${begin}
resource "file_text" "this" {
  path    = "\${var.environment.name}/\${var.instance_name}.service"
  content = jsonencode(var.instance.spec)
}
`,
  'outputs.tf': `
locals {
  output_attributes = { path = file_text.this.path }
  output_interfaces = { http = { host = var.instance_name, port = 80 } }
}
`,
}

/** By the folder of each below the modules' folder. */
export const usualModules: Readonly<Record<string, ModuleFiles>> = {
  'config/default/0.1': config,
  'service/default/0.1': service,
}
