import { deepEqual, equal, match } from 'node:assert/strict'
import { test } from 'node:test'
import { readModules } from '#catalogue/infra/read-modules.ts'
import { moduleFiles, serviceModule, smallTree, type Files } from './small-tree.ts'

const read = (files: Files, options = {}) => readModules(smallTree(files), options)

/** The service with one more file, and what is found wrong with it. */
async function faultsWith(path: string, text: string, options = {}) {
  const { findings, modules } = await read({ ...serviceModule, [path]: text }, options)
  return { findings, usable: modules.length === 1, first: findings[0] }
}

test('a module is found by its contract wherever it lies, with what a configuration around it needs', async () => {
  const contract = [
    'inputs:',
    '  network: { type: "@acme/network", providers: [aws] }',
    '  cache: { type: "@acme/redis", optional: true }',
    'outputs:',
    '  default:',
    '    type: "@acme/service"',
    '    providers:',
    '      file: { source: acme/file, version: 1.0.0, attributes: { root: attributes.root } }',
    'artifact_inputs: { primary: { attribute_path: spec.release.image, artifact_type: docker_image } }',
    'name_length_limit: 20',
  ].join('\n')
  const { modules, findings, find } = await read({
    ...moduleFiles('a/b/service', ['service', 'k8s', '1.0'], contract),
    'a/b/service/versions.tf':
      'terraform {\n  required_providers {\n    file = {\n      source = "acme/file"\n    }\n  }\n}\n',
    'a/b/service/out.tf.json':
      '{ "output": { "default": { "value": 1 } }, "variable": { "inputs": { "type": "any" } } }',
    'a/b/service/templates/x.tpl': 'hello',
  })
  deepEqual(findings, [])
  equal(modules.length, 1)
  const module = find('service', 'k8s', '1.0')
  deepEqual(module?.contract, {
    intent: 'service',
    flavor: 'k8s',
    version: '1.0',
    inputs: {
      network: { type: '@acme/network', optional: false, providers: ['aws'] },
      cache: { type: '@acme/redis', optional: true, providers: [] },
    },
    offers: {
      default: { file: { source: 'acme/file', version: '1.0.0', attributes: { root: 'attributes.root' } } },
    },
    artifact_path: 'spec.release.image',
    folder: 'a/b/service',
    entry: '',
    variables: ['instance', 'instance_name', 'inputs'],
    outputs: { attributes: true, interfaces: true, default: true },
    requires: { file: { source: 'acme/file' } },
  })
  equal(module?.name_length_limit, 20)
  deepEqual(
    [...module!.files.keys()],
    ['facets.yaml', 'main.tf', 'out.tf.json', 'templates/x.tpl', 'versions.tf'],
  )
})

test('a version is as it is written, and a contract has to say six things', async () => {
  const contract = 'intent: x\nflavor: y\nversion: 1.10\nclouds: []\ndescription: d\nspec: {}\n'
  const { modules } = await read({ 'facets.yaml': contract, 'main.tf': '' })
  equal(modules[0]?.contract.version, '1.10')
  const { findings } = await read({
    'x/facets.yaml': 'intent: x\nflavor: [y]\nversion: "1"\n',
    'x/main.tf': '',
  })
  deepEqual(
    findings.map(({ message, line }) => [message, line]),
    [
      ['it does not say its clouds', null],
      ['it does not say its description', null],
      ['it does not say its spec', null],
      ['flavor has to be a word', 2],
    ],
  )
  const broken = await read({ 'x/facets.yaml': 'intent: x\nflavor: "y\n', 'x/main.tf': '' })
  equal(broken.findings[0]?.severity, 'error')
  equal(typeof broken.findings[0]?.line, 'number')
})

test('a module has four variables, configures no provider, and leaves its outputs to be made', async () => {
  for (const [text, said] of [
    ['\nvariable "region" {}\n', /variable "region"/],
    ['\nprovider "aws" {\n  region = "x"\n}\n', /provider "aws"/],
    ['\noutput "attributes" {\n  value = 1\n}\n', /output "attributes"/],
  ] as const) {
    const { usable, first } = await faultsWith('service/k8s/0.1/more.tf', text)
    equal(usable, false)
    deepEqual([first?.file, first?.line, first?.category], ['service/k8s/0.1/more.tf', 2, 'module_contract'])
    match(first!.message, said)
  }
  const backend = await faultsWith('service/k8s/0.1/more.tf', 'terraform {\n  backend "s3" {}\n}\n')
  deepEqual([backend.usable, backend.first?.severity], [true, 'warning'])
})

test('a module that does not parse is told with its file and line, and the others are read', async () => {
  const files = { ...serviceModule, ...moduleFiles('b', ['redis', 'k8s', '0.1']) }
  const { modules, findings, faultsOf } = await read({
    ...files,
    'b/broken.tf': 'locals {\n  a = 1\n  b = = 2\n}\n',
  })
  deepEqual(
    modules.map(({ contract }) => contract.intent),
    ['service'],
  )
  deepEqual([findings[0]?.file, findings[0]?.line], ['b/broken.tf', 3])
  deepEqual(faultsOf('redis', 'k8s', '0.1'), findings)
  const nested = await faultsWith('service/k8s/0.1/more.tf', `x = ${'['.repeat(100_000)}`)
  match(nested.first!.message, /too deep/)
  const json = await faultsWith('service/k8s/0.1/more.tf.json', '{\n"locals": }')
  equal(json.first?.line, 2)
  equal((await faultsWith('service/k8s/0.1/more.tf', 'locals {}\n')).usable, true)
})

test('sources stay inside the modules folder, and what lies beside a module comes along', async () => {
  const call = (source: string) => `module "other" {\n  source = ${source}\n}\n`
  for (const [source, said] of [
    ['"../../../../etc"', /leaves the modules' folder/],
    ['"../../../.."', /leaves/],
    ['"/etc/modules"', /folder of the machine/],
    ['"../nowhere"', /nothing at its source/],
    ['"terraform-aws-modules/vpc/aws"', /remote_sources/],
    ['"git::https://example.com/x.git"', /remote_sources/],
    ['var.instance.source', /plain text/],
    ['"./${path.module}/../../../.."', /plain text/],
  ] as const) {
    const { usable, first } = await faultsWith('service/k8s/0.1/more.tf', call(source))
    equal(usable, false, source)
    match(first!.message, said)
  }
  const allowed = await faultsWith('service/k8s/0.1/more.tf', call('"acme/vpc/aws"'), {
    remote_sources: true,
  })
  equal(allowed.usable, true)
  const reads = await faultsWith(
    'service/k8s/0.1/more.tf',
    'locals {\n  a = file("${path.module}/../../../../x")\n}\n',
  )
  match(reads.first!.message, /leaves/)
})

test('a module in a shared folder is taken with it, and a module inside another one is not', async () => {
  const { modules, findings } = await read({
    ...serviceModule,
    'service/k8s/0.1/call.tf': 'module "shared" {\n  source = "../../../shared"\n}\n',
    'service/k8s/0.1/read.tf': 'locals {\n  a = file("${path.module}/../texts/a.txt")\n}\n',
    ...moduleFiles('service/k8s/0.1/inner', ['inner', 'k8s', '0.1']),
    'shared/main.tf': 'variable "anything" {}\n',
    'service/k8s/texts/a.txt': 'a',
    'service/k8s/other.txt': 'no',
  })
  deepEqual(findings, [])
  const service = modules.find(({ contract }) => contract.intent === 'service')
  equal(service?.contract.entry, 'service/k8s/0.1')
  deepEqual(
    [...service!.files.keys()].filter((path) => !path.startsWith('service/k8s/0.1/')),
    ['service/k8s/texts/a.txt', 'shared/main.tf'],
  )
  equal(
    [...service!.files.keys()].some((path) => path.includes('inner')),
    false,
  )
  const provider = await read({
    ...serviceModule,
    'service/k8s/0.1/c.tf': 'module "s" {\n  source = "./sub"\n}\n',
    'service/k8s/0.1/sub/m.tf': 'provider "aws" {}\n',
  })
  match(provider.findings[0]!.message, /configures no providers/)
})

test('two modules of the same intent, flavor and version are neither', async () => {
  const { modules, findings } = await read({
    ...serviceModule,
    ...moduleFiles('copy', ['service', 'k8s', '0.1']),
  })
  deepEqual(modules, [])
  match(findings[0]!.message, /is the module in copy\/facets.yaml already/)
})

test('the digest of a module is that of its files, wherever it lies', async () => {
  const digestAt = async (folder: string, more: Files = {}) =>
    (await read({ ...moduleFiles(folder, ['service', 'k8s', '0.1']), ...more })).modules[0]?.digest
  equal(await digestAt('a'), await digestAt('b/c'))
  equal(await digestAt('a', { 'b.txt': 'beside it' }), await digestAt('a'))
  equal((await digestAt('a', { 'a/b.txt': 'in it' })) === (await digestAt('a')), false)
})

test('a module of which something was not read is not used', async () => {
  const tree = smallTree(serviceModule)
  const refused = [{ path: 'service/k8s/0.1/link.tf', reason: 'it is a link' }]
  const { modules, findings } = await readModules({ ...tree, refused })
  deepEqual(modules, [])
  match(findings[0]!.message, /it is a link/)
  equal(
    (await readModules({ ...tree, refused: [{ path: 'elsewhere', reason: 'it is a link' }] })).modules.length,
    1,
  )
})
