import { showId, type Noun } from '#domain/ids.ts'

export function shown(noun: Noun, id: string | null): string | null {
  return id === null ? null : showId(noun, id)
}

export function time(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}

export function times({ created_at, updated_at }: { created_at: Date; updated_at: Date }) {
  return { created_at: created_at.toISOString(), updated_at: updated_at.toISOString() }
}
