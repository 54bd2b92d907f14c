import type { TestStack } from './open-stack.ts'

export type Row = {
  uid: string
  type: string
  action: string
  entry: { uid: string; title: string; version?: number; release?: { uid: string } }
  environment: string[]
  publish_details: { status: string; message?: string }
  [field: string]: unknown
}

export const hour = 3_600_000

export async function entryOf({ ask }: TestStack, title: string): Promise<string> {
  return (await ask('POST', '/content_types/page/entries', { entry: { title } })).body.entry.uid
}

export async function queue({ ask }: TestStack, query = ''): Promise<Row[]> {
  return (await ask('GET', `/publish-queue?${query}`)).body.queue
}

export const rowsAbout = (rows: readonly Row[]) =>
  rows.map(({ type, action, publish_details: { status } }) => `${type} ${action} ${status}`)

export const asked = (query: object) => `query=${encodeURIComponent(JSON.stringify(query))}`
