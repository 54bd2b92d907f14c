import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import DataloaderPlugin from '@pothos/plugin-dataloader'
import RelayPlugin from '@pothos/plugin-relay'
import { DateTimeScalar } from './date-time.ts'
import type { Caller } from './caller.ts'
import { readGlobalId, showGlobalId, type NodeType } from './ids.ts'
import { costOfRow, defaultPage, mostIds, mostOnPage } from './limits.ts'
import { userError } from './user-error.ts'

export interface Types {
  Context: Caller
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
  }
  DefaultFieldNullability: false
  DefaultNodeNullability: false
  DefaultEdgesNullability: { list: false; items: false }
}

const pages = `From 0 to ${mostOnPage}`

/** Of each row of a page: it is read, and held, whatever is asked of it. */
const rowCost = { field: costOfRow, multiplier: 1 }

/** The schema is written with this, and is made when all of `types` and `mutations` is imported. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ComplexityPlugin, RelayPlugin, DataloaderPlugin],
  defaultFieldNullability: false,
  // Asked before anything is executed, by limits.ts: not once more at every root field.
  complexity: { disabled: true, defaultListMultiplier: 1 },
  relay: {
    encodeGlobalID: (type, id) => showGlobalId(type as NodeType, String(id)),
    decodeGlobalID: (text) => {
      const read = readGlobalId(text)
      if (!read) throw userError(`${text.slice(0, 100)} is not the id of anything here.`)
      return read
    },
    cursorType: 'String',
    edgesFieldOptions: { nullable: { list: false, items: false }, complexity: rowCost },
    nodeFieldOptions: { nullable: false },
    nodesOnConnection: { complexity: rowCost },
    nodeQueryOptions: {
      description: 'Anything by its id; null where there is nothing, or the caller may not see it.',
    },
    nodesQueryOptions: {
      description: `At most ${mostIds} things by their ids, in their order; null where there is none.`,
      complexity: ({ ids }: { ids?: unknown[] | null }) => ({ field: 1, multiplier: ids?.length ?? 1 }),
      resolve: (_root, { ids }, _caller, _info, find) => {
        if (ids.length > mostIds) throw userError(`At most ${mostIds} ids at once.`)
        return find(ids)
      },
    },
    firstArgOptions: {
      description: `${pages}; ${defaultPage} where neither \`first\` nor \`last\` is given.`,
    },
    lastArgOptions: { description: `${pages}.` },
  },
})

builder.addScalarType('DateTime', DateTimeScalar)
