import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runGit } from './run-git.ts'

/** A fetch leaves a pack, or loose objects, and nothing of git tidies up by itself here. */
const mostPacks = 30
/** Of loose objects, those whose ids begin with one certain byte: a 256th of all, as `git gc --auto` counts them. */
const mostLoose = 27

/** Names that lie in files of their own: a host may have one for each pull request there ever was. */
const mostLooseRefs = 500

/** Puts many names, small packs and loose objects together into few. Only who has the mirror's lock may. */
export async function tidyMirror(folder: string, signal: AbortSignal): Promise<void> {
  const refs = await readdir(join(folder, 'refs'), { recursive: true }).catch(() => [])
  if (refs.length > mostLooseRefs) await runGit(['pack-refs', '--all'], { folder, signal })
  const objects = join(folder, 'objects')
  const [packs, loose] = await Promise.all(
    ['pack', '17'].map((name) => readdir(join(objects, name)).catch(() => [])),
  )
  const many = packs!.filter((name) => name.endsWith('.pack')).length > mostPacks || loose!.length > mostLoose
  // Nothing that nobody names any more is thrown away: somebody may be about to name it.
  if (many)
    await runGit(['repack', '-d', '-q', '--geometric=2'], {
      folder,
      signal,
      timeout_seconds: 3600,
      mostMemoryBytes: Infinity,
    })
}
