/**
 * What a room may open. An entry of `opens` is a room (`store`), or one file of it (`executors/contract`), with at
 * most one remark: `(types)` imports that are erased, `(native only)` for that sub-room alone, `(own kind)` the
 * catalogue of what the executor deploys. Files that lie directly in a room are open to its sub-rooms.
 */
export interface Door {
  opens: readonly string[]
  /** Packages, with `node:*` for all that comes with Node; the remark `(types)` as above. */
  packages: readonly string[]
  never: string
  /** Its folders are rooms of their own that do not open each other. */
  split?: boolean
}

/** The key `main.ts` stands for that file; every other key is a folder of src/. */
export type Doors = Readonly<Record<string, Door>>

/** Opens everything, and is opened by nobody. */
export const everything = 'everything'

/** Which catalogue an executor reads: its own kind's. */
export const kindOfExecutor: Readonly<Record<string, string>> = {
  content: 'content',
  terraform: 'infra',
  dataflow: 'data',
  'github-actions': 'code',
  buildkite: 'code',
  pick: 'code',
  webhook: 'code',
  command: 'code',
}

/** The table as ARCHITECTURE.md shows it. */
export function renderDoors(doors: Doors): string {
  const rows = Object.entries(doors).map(([room, door]) => [
    door.split ? `${room}/*` : room,
    door.opens.join(', ') || '-',
    door.packages.map((name) => (name === everything ? name : `\`${name}\``)).join(', ') || '-',
    door.never,
  ])
  const lines = [['room', 'may open', 'packages', 'and never'], ['---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
