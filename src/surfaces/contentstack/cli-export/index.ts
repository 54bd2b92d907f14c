import type { ContentFormat } from '#app/imports/content-format.ts'
import { surface } from '../ids.ts'
import { keeps, outline, versionsOf } from './layout.ts'
import { readAssets, readEntries, readEnvironments, readFolders, readLocales, readTypes } from './read.ts'
import { write } from './write.ts'

/** The folders that the vendor's command line exports and imports (docs/compat/contentstack-export.md). */
export const cliExport: ContentFormat = {
  name: surface,
  keeps,
  outline,
  readLocales,
  readEnvironments,
  readTypes,
  readFolders,
  readAssets,
  readEntries,
  versionsOf,
  write,
}
