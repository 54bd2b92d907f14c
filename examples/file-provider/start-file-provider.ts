import { callbackify } from 'node:util'
import { Server, ServerCredentials, type handleUnaryCall } from '@grpc/grpc-js'
import * as resource from './file-resource.ts'
import type { FileState } from './file-resource.ts'
import { complaint, providerService, valueOf, wiredOf, type Diagnostic, type DynamicValue } from './wire.ts'

/** As a module's `required_providers` names it. */
export const providerSource = 'headgate.local/example/file'
const resourceType = 'file_text'

export type Operation = 'read' | 'create' | 'update' | 'delete'

export interface FileProviderOptions {
  /** All files lie inside it. It has to be there. */
  folder: string
  /** Is awaited before anything is done to a file. What it throws becomes Terraform's error. */
  before?: (operation: Operation, path: string) => unknown
}

export interface FileProvider {
  /** The value of TF_REATTACH_PROVIDERS. */
  reattach: string
  close(): void
}

/** Serves the file provider to any number of Terraforms on this machine, on a free port, until it is closed. */
export async function startFileProvider(options: FileProviderOptions): Promise<FileProvider> {
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 })
  server.addService(providerService, handlersOf(options))
  const port = await new Promise<number>((done, failed) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? failed(error) : done(bound),
    )
  })
  // Test: Terraform neither started it nor ends it.
  const how = { Protocol: 'grpc', ProtocolVersion: 5, Pid: process.pid, Test: true }
  const Addr = { Network: 'tcp', String: `127.0.0.1:${port}` }
  return {
    reattach: JSON.stringify({ [providerSource]: { ...how, Addr } }),
    close: () => server.forceShutdown(),
  }
}

interface Request {
  id: string
  config: DynamicValue | null
  current_state: DynamicValue | null
  prior_state: DynamicValue | null
  proposed_new_state: DynamicValue | null
  planned_state: DynamicValue | null
  raw_state: { json: Uint8Array } | null
}

type Answer = (request: Request) => object | Promise<object>

function handlersOf({
  folder,
  before,
}: FileProviderOptions): Record<string, handleUnaryCall<Request, object>> {
  const answers: Record<string, Answer> = {
    GetSchema: () => ({
      provider: { version: 0, block: { version: 0, attributes: [] } },
      resource_schemas: { [resourceType]: resource.fileSchema },
    }),
    PrepareProviderConfig: ({ config }) => ({ prepared_config: config }),
    Configure: () => ({}),
    Stop: () => ({}),
    ValidateResourceTypeConfig: ({ config }) => ({
      diagnostics: resource.validateFile(folder, fileOf(config)!),
    }),
    // There is one version of it so far, so that nothing is to be upgraded.
    UpgradeResourceState: ({ raw_state }) => ({
      upgraded_state: wiredOf(JSON.parse(Buffer.from(raw_state!.json).toString())),
    }),
    PlanResourceChange: ({ prior_state, proposed_new_state }) => {
      const prior = fileOf(prior_state)
      const planned = resource.planFile(fileOf(proposed_new_state))
      const moved = prior && planned && prior.path !== planned.path
      const requires_replace = moved ? [{ steps: [{ attribute_name: 'path' }] }] : []
      return { planned_state: wiredOf(planned), requires_replace }
    },
    ImportResourceState: ({ id }) => {
      // Terraform reads it next, which says all the rest.
      const state: FileState = { path: id, content: '', content_secret: null, mode: null, id, sha256: '' }
      return { imported_resources: [{ type_name: resourceType, state: wiredOf(state) }] }
    },
    async ReadResource({ current_state }) {
      const known = fileOf(current_state)!
      return settle(known, async () => {
        await before?.('read', known.path)
        return resource.readFileState(folder, known)
      })
    },
    async ApplyResourceChange({ prior_state, planned_state }) {
      const prior = fileOf(prior_state)
      const planned = fileOf(planned_state)
      return settle(prior, async () => {
        await before?.(planned ? (prior ? 'update' : 'create') : 'delete', (planned ?? prior)!.path)
        if (planned) return resource.writeFileState(folder, planned)
        await resource.removeFile(folder, prior!)
        return null
      })
    },
  }
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, handlerOf(answer)]))
}

/** What is new; or, where that failed, what was known before and why. */
async function settle(known: FileState | null, act: () => Promise<FileState | null>): Promise<object> {
  try {
    return { new_state: wiredOf(await act()) }
  } catch (error) {
    const diagnostics: Diagnostic[] = [complaint('path', 'The file could not be handled', String(error))]
    return { new_state: wiredOf(known), diagnostics }
  }
}

function handlerOf(answer: Answer): handleUnaryCall<Request, object> {
  return ({ request }, done) => {
    callbackify(async () => answer(request))((error, response) =>
      done(error && new Error(error.message), response),
    )
  }
}

function fileOf(wired: DynamicValue | null): FileState | null {
  return valueOf(wired) as FileState | null
}
