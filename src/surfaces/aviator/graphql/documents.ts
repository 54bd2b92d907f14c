import { Kind, parse, type DocumentNode, type SelectionNode, type SelectionSetNode, visit } from 'graphql'
import { mostDepth, mostDirectives, mostFields, mostTokens } from './limits.ts'
import { userError } from './user-error.ts'

/**
 * Reads a document, and refuses what would cost too much before anything is made of it: validating looks at every
 * pair of fields, and a few fragments can stand for a million. Throws what the caller can read.
 */
export function readDocument(text: string): DocumentNode {
  const document = parse(text, { maxTokens: mostTokens, noLocation: false })
  const { fields, depth } = new Measure(document).all()
  if (fields > mostFields) throw tooMuch(`has more than ${mostFields} fields, fragments put in`)
  if (depth > mostDepth) throw tooMuch(`is more than ${mostDepth} levels deep`)
  refuseOdd(document)
  return document
}

function tooMuch(how: string) {
  return userError(`The document ${how}: ask for less at once.`, 'DOCUMENT_TOO_LARGE')
}

/** Text that no name or reason of ours can have, and directives without end. */
function refuseOdd(document: DocumentNode): void {
  let directives = 0
  visit(document, {
    Directive() {
      directives += 1
      if (directives > mostDirectives) throw tooMuch(`has more than ${mostDirectives} directives`)
    },
    StringValue({ value }) {
      if (value.includes('\u0000') || !value.isWellFormed())
        throw userError('A text may hold neither NUL nor half of a surrogate pair.')
    },
  })
}

interface Size {
  fields: number
  depth: number
}

/** Each fragment is measured once, however often it is spread. */
class Measure {
  #fragments = new Map<string, SelectionSetNode>()
  #measured = new Map<string, Size>()
  #operations: SelectionSetNode[] = []

  constructor({ definitions }: DocumentNode) {
    for (const one of definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(one.name.value, one.selectionSet)
      else if (one.kind === Kind.OPERATION_DEFINITION) this.#operations.push(one.selectionSet)
    }
  }

  /** Of all operations and all fragments together, also those that nothing spreads: all of them are validated. */
  all(): Size {
    const sizes = [
      ...this.#operations.map((set) => this.#set(set)),
      ...[...this.#fragments.keys()].map((name) => this.#fragment(name)),
    ]
    return {
      fields: sizes.reduce((sum, { fields }) => sum + fields, 0),
      depth: Math.max(0, ...sizes.map(({ depth }) => depth)),
    }
  }

  #set({ selections }: SelectionSetNode): Size {
    let [fields, depth] = [0, 0]
    for (const selection of selections) {
      const size = this.#selection(selection)
      fields = Math.min(fields + size.fields, Number.MAX_SAFE_INTEGER)
      depth = Math.max(depth, size.depth)
    }
    return { fields, depth }
  }

  #selection(selection: SelectionNode): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value)
    const inner = selection.selectionSet ? this.#set(selection.selectionSet) : { fields: 0, depth: 0 }
    if (selection.kind === Kind.INLINE_FRAGMENT) return { fields: inner.fields + 1, depth: inner.depth }
    return { fields: inner.fields + 1, depth: inner.depth + 1 }
  }

  #fragment(name: string): Size {
    const known = this.#measured.get(name)
    if (known) return known
    // While it is measured it counts for nothing: that it spreads itself is for the validation to say.
    this.#measured.set(name, { fields: 0, depth: 0 })
    const set = this.#fragments.get(name)
    const size = set ? this.#set(set) : { fields: 0, depth: 0 }
    this.#measured.set(name, { ...size, fields: size.fields + 1 })
    return this.#measured.get(name)!
  }
}
