import type { EffectAction } from '#domain/effect.ts'

/** What is needed to carry out a plan later, and to tell how it went. It is sealed as a whole: secrets are in it. */
export interface Bundle {
  /** Terraform's own plan file, which holds configuration, state and lock file as they were. */
  plan: Uint8Array
  /** `.terraform.lock.hcl`, where there was one: which providers have to be there. */
  lock: string | null
  effects: readonly { item_key: string; address: string; action: EffectAction }[]
  /** Where modules lie in the catalogue, by the folder that they were laid into. */
  folders: readonly (readonly [string, string])[]
  /** What must not be said of it. */
  secrets: readonly string[]
}

const lengthBytes = 4

/** The length of what is said about it (4 bytes, big-endian), that as JSON, and the plan file. */
export function packBundle({ plan, ...about }: Bundle): Buffer {
  const said = Buffer.from(JSON.stringify(about), 'utf8')
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(said.length)
  return Buffer.concat([length, said, plan])
}

export function openBundle(bytes: Uint8Array): Bundle {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = lengthBytes + packed.readUInt32BE(0)
  const about = JSON.parse(packed.subarray(lengthBytes, end).toString('utf8')) as Omit<Bundle, 'plan'>
  return { ...about, plan: packed.subarray(end) }
}

/** What a kept plan is sealed for. */
export function planContext(deploymentId: string): string {
  return `plan ${deploymentId}`
}

/** What a state that could not be posted is sealed for. */
export function stateContext(environmentId: string): string {
  return `state ${environmentId}`
}
