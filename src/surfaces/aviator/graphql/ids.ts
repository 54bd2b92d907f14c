import { readId, showId, type Noun } from '#domain/ids.ts'

/** The types that `node(id:)` finds. Their ids are those of our own API, which say themselves what they name. */
export const nouns = {
  ReleaseProject: 'project',
  ReleaseEnvironment: 'environment',
  Release: 'release',
  ReleaseCandidate: 'candidate',
  Deployment: 'deployment',
} as const satisfies Record<string, Noun>

export type NodeType = keyof typeof nouns

export function showGlobalId(type: NodeType, id: string): string {
  return showId(nouns[type], id)
}

/** Undefined where it is the id of nothing that is a node here. */
export function readGlobalId(text: string): { typename: NodeType; id: string } | undefined {
  for (const [typename, noun] of Object.entries(nouns) as [NodeType, Noun][]) {
    // A bare uuid would be an id of every type.
    const id = text.includes('_') ? readId(noun, text) : undefined
    if (id !== undefined) return { typename, id }
  }
  return undefined
}

/** The uuid behind an id that has to be one of this type. */
export function idOf(type: NodeType, text: string): string | undefined {
  const read = readGlobalId(text)
  return read?.typename === type ? read.id : undefined
}
