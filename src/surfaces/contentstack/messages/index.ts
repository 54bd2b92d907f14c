import type { MessageFormat } from '#app/webhooks/message-format.ts'
import { surface } from '../ids.ts'
import { writeHeaders } from './headers.ts'
import { surrogateKeysOf } from './purged-keys.ts'
import { selectItemMessages, selectMessages } from './select-messages.ts'
import { writeMessages } from './write-messages.ts'

/** The messages of webhooks that were made in the vendor's words. */
export const messages: MessageFormat = {
  name: surface,
  select: selectMessages,
  selectItems: selectItemMessages,
  write: writeMessages,
  headers: writeHeaders,
  surrogateKeys: surrogateKeysOf,
}
