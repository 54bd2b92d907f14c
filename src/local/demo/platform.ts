import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A blueprint with its modules in a folder, and a provider for Terraform whose resources are files in another. */
export interface Platform {
  /** The project as headgate.yaml declares it. */
  yaml: string
  /** Its one environment, as Facets' clients know it. */
  cluster: string
  /** Writes a resource of the blueprint. */
  write(type: string, name: string, spec: object): Promise<void>
  /** Takes one out of it. */
  erase(type: string, name: string): Promise<void>
  /** What really lies in a file. */
  read(file: string): Promise<string>
  /** Changes a real file behind Terraform's back. */
  tamper(file: string, text: string): Promise<void>
  /** Ends the provider. */
  close(): Promise<void>
}

/** What there is to run: `terraform`, else `tofu`; undefined where neither is on PATH. */
export async function findTerraform(): Promise<string | undefined> {
  for (const name of ['terraform', 'tofu'])
    if (
      await run(name, ['version']).then(
        () => true,
        () => false,
      )
    )
      return name
  return undefined
}

/** Not in the package: an example stays in the repository. */
const provider = join(import.meta.dirname, '../../../examples/file-provider/main.ts')

export const hasProvider = () => existsSync(provider)

/** An id as it was given elsewhere: clients that know it need a new address and nothing else. */
const cluster = '62b1c8f2a3d4e5f601234567'

const source = 'headgate.local/example/file'

const begin = `
terraform {
  required_providers {
    file = { source = "${source}" }
  }
}
variable "instance" { type = any }
variable "instance_name" { type = string }
variable "environment" { type = any }
variable "inputs" { type = any }
`

const moduleOf = (intent: string, content: string) => ({
  'facets.yaml': `
intent: ${intent}
flavor: file
version: "1.0"
clouds: [NO_CLOUD]
description: A file of an environment
spec: { type: object }
`,
  'main.tf': `${begin}
resource "file_text" "this" {
  path    = "\${var.environment.name}/\${var.instance_name}.${intent}"
  content = ${content}
}
locals {
  output_attributes = { content = file_text.this.content }
  output_interfaces = {}
}
`,
})

const modules = {
  config: moduleOf('config', 'var.instance.spec.content'),
  service: moduleOf('service', 'jsonencode(var.instance.spec.env)'),
}

export async function makePlatform(folder: string): Promise<Platform> {
  const [blueprint, real] = [join(folder, 'blueprint'), join(folder, 'real')]
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  await put(join(blueprint, 'stack.json'), '{}\n')
  for (const [name, files] of Object.entries(modules))
    for (const [file, text] of Object.entries(files)) await put(join(folder, 'modules', name, file), text)
  const { reattach, close } = await startProvider(real)
  const project = {
    key: 'platform',
    kind: 'infra',
    infra: { blueprint: { path: blueprint }, modules: { path: join(folder, 'modules') } },
    environments: [
      {
        id: cluster,
        name: 'prod',
        deploy: { executor: 'terraform', environment: { TF_REATTACH_PROVIDERS: reattach } },
      },
    ],
  }
  const resource = (type: string, name: string) => join(blueprint, type, 'instances', `${name}.json`)
  return {
    yaml: JSON.stringify({ projects: [project] }),
    cluster,
    write: (type, name, spec) =>
      put(
        resource(type, name),
        JSON.stringify({ kind: type, flavor: 'file', version: '1.0', spec }, null, 2),
      ),
    erase: (type, name) => rm(resource(type, name)),
    read: (file) => readFile(join(real, file), 'utf8'),
    tamper: (file, text) => writeFile(join(real, file), text),
    close,
  }
}

/** In a process of its own, as Terraform's providers are; it says by what Terraform finds it. */
async function startProvider(folder: string): Promise<{ reattach: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, [provider, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const close = async () => {
    child.kill('SIGTERM')
    await gone
  }
  const ended = gone.then(() => {
    throw new Error('the example provider ended before it said where it listens')
  })
  const lines = createInterface({ input: child.stdout })
  const [reattach] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  ended.catch(() => undefined)
  return { reattach, close }
}
