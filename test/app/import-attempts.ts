import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import type { Context } from '#app/context.ts'
import { continueImport } from '#app/imports/continue-import.ts'
import { createImport } from '#app/imports/create-import.ts'
import { exportContent } from '#app/imports/export-content.ts'
import { getImport, listImportNotes, removeImport } from '#app/imports/get-import.ts'
import { keepImportFiles } from '#app/imports/keep-import-files.ts'
import { contentstack } from '#surfaces/contentstack/index.ts'
import { here, type Attempt } from './attempt.ts'
import type { World } from './world.ts'

const formats = [contentstack.contentFormat!]
const asked = { branch: 'main', format: 'contentstack', publish: false }

function tar(): Readable {
  const packed = pack()
  packed.entry({ name: 'locales/locales.json' }, '{}')
  packed.finalize()
  return Readable.from(packed, { objectMode: false })
}

const prepare = async (ctx: Context, { project_id }: World) => {
  const { id: import_id } = await createImport(ctx, formats, { project_id, ...asked })
  await keepImportFiles(ctx, formats, { project_id, import_id, tar: tar() })
  return import_id
}

/** How content comes in from elsewhere, and goes out. */
export const importAttempts: readonly Attempt[] = [
  here('catalogue.edit', 'begin an import', (ctx, { project_id }) =>
    createImport(ctx, formats, { project_id, ...asked }),
  ),
  here(
    'deployment.request',
    'begin one that publishes',
    (ctx, { project_id }) => createImport(ctx, formats, { project_id, ...asked, publish: true }),
    { needs: ['catalogue.edit'] },
  ),
  here(
    'catalogue.edit',
    'send its files',
    (ctx, { project_id }, import_id) => keepImportFiles(ctx, formats, { project_id, import_id, tar: tar() }),
    { prepare },
  ),
  here(
    'catalogue.edit',
    'bring it in',
    (ctx, { project_id }, import_id) => continueImport(ctx, formats, { project_id, import_id }),
    { prepare },
  ),
  here(
    'catalogue.edit',
    'forget it',
    (ctx, { project_id }, import_id) => removeImport(ctx, { project_id, import_id }),
    { prepare },
  ),
  here(
    'catalogue.read',
    'look at it',
    (ctx, { project_id }, import_id) => getImport(ctx, { project_id, import_id }),
    { prepare },
  ),
  here(
    'catalogue.read',
    'read its notes',
    (ctx, { project_id }, import_id) => listImportNotes(ctx, { project_id, import_id, limit: 1 }),
    { prepare },
  ),
  here('catalogue.read', 'take content out', async (ctx, { project_id }) => {
    const out = await exportContent(ctx, formats, { project_id, branch: 'main', format: 'contentstack' })
    out.destroy()
  }),
]
