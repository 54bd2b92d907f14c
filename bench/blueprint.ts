import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What every resource of the bench is made by: one thing that Terraform has built in, so that nothing else is measured. */
const moduleText = `
variable "instance" {
  type = any
}
variable "instance_name" {
  type = string
}
variable "environment" {
  type = any
}
variable "inputs" {
  type = any
}
resource "terraform_data" "this" {
  input = var.instance.spec
}
locals {
  output_attributes = { value = terraform_data.this.output }
  output_interfaces = {}
}
`

const facetsYaml = `
intent: thing
flavor: plain
version: '1.0'
clouds: [aws]
description: Something that is kept in the state
spec: { type: object, properties: { value: { type: string } } }
`

/** A blueprint of so many things, each with a value, in a folder; and their module beside it. */
export interface Blueprint {
  blueprint: string
  modules: string
  /** Gives so many of its things another value. */
  write(count: number, value: string): Promise<void>
}

export async function makeBlueprint(folder: string): Promise<Blueprint> {
  const blueprint = join(folder, 'blueprint')
  const modules = join(folder, 'modules')
  const instances = join(blueprint, 'thing', 'instances')
  await mkdir(instances, { recursive: true })
  await mkdir(join(modules, 'thing'), { recursive: true })
  await writeFile(join(blueprint, 'stack.json'), '{}')
  await writeFile(join(modules, 'thing', 'facets.yaml'), facetsYaml)
  await writeFile(join(modules, 'thing', 'main.tf'), moduleText)
  return {
    blueprint,
    modules,
    async write(count, value) {
      for (let n = 0; n < count; n += 1)
        await writeFile(
          join(instances, `t${n}.json`),
          JSON.stringify({ kind: 'thing', flavor: 'plain', version: '1.0', spec: { value } }),
        )
    },
  }
}

/** The same things, as somebody would write them down for Terraform by hand. */
export async function makeByHand(
  folder: string,
  modules: string,
  variables: Record<string, string>,
): Promise<{ write(count: number, value: string): Promise<void>; release(): Promise<void> }> {
  await mkdir(folder, { recursive: true })
  const environment = {
    ...{
      PATH: process.env.PATH!,
      HOME: folder,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
    },
    ...{ TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'), ...variables },
  }
  await writeFile(join(folder, 'terraform.rc'), '')
  const terraform = (...words: string[]) =>
    run('terraform', words, { cwd: folder, env: environment, maxBuffer: 256 << 20 })
  return {
    async write(count, value) {
      const module = Object.fromEntries(
        Array.from({ length: count }, (_, n) => [
          `thing__t${n}`,
          {
            source: join(modules, 'thing'),
            instance: { kind: 'thing', flavor: 'plain', version: '1.0', spec: { value } },
            instance_name: `t${n}`,
            environment: { name: 'raw' },
            inputs: {},
          },
        ]),
      )
      await writeFile(
        join(folder, 'main.tf.json'),
        JSON.stringify({ terraform: { backend: { http: {} } }, module }),
      )
    },
    async release() {
      // A folder of its own each time, as whoever runs it in a pipeline has.
      await rm(join(folder, '.terraform'), { recursive: true, force: true })
      await terraform('init', '-no-color')
      const file = join(folder, 'plan')
      await terraform('plan', '-json', `-out=${file}`, '-detailed-exitcode').catch(
        (error: { code?: number }) => {
          if (error.code !== 2) throw error
        },
      )
      await terraform('show', '-json', file)
      await terraform('apply', '-json', file)
    },
  }
}

/** Terraform, which writes down how long each of its processes took. */
export async function timedTerraform(folder: string): Promise<{ binary: string; spent(): Promise<number> }> {
  const binary = join(folder, 'terraform-timed')
  const file = join(folder, 'times')
  await writeFile(file, '')
  await writeFile(
    binary,
    `#!/bin/sh\nbegan=$(date +%s%N)\nterraform "$@"\nended=$?\necho $(( $(date +%s%N) - began )) >> ${file}\nexit $ended\n`,
  )
  await chmod(binary, 0o755)
  return {
    binary,
    /** Milliseconds since it was asked before. */
    async spent() {
      const times = (await readFile(file, 'utf8')).split('\n').filter(Boolean)
      await writeFile(file, '')
      return times.reduce((sum, time) => sum + Number(time), 0) / 1e6
    },
  }
}
