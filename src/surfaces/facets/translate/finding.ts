import type { Finding, FindingCategory } from '#domain/blueprint.ts'
import { resourceOf } from './resource.ts'

/** The vendor's categories (section 1); what it has none for is checked by it under another head. */
const categories: Record<FindingCategory, string> = {
  syntax_error: 'Syntax Error',
  non_existent_reference: 'Non-Existent Resource Reference',
  disabled_reference: 'Disabled Resource References',
  invalid_reference: 'Invalid Reference Expression',
  schema_compliance: 'Schema Compliance Error',
  override_syntax: 'Overrides Syntax Error',
  invalid_filename: 'Invalid Filename Error',
  input_validation: 'Input Validation Error',
  missing_module: 'GuardRails Compliance Issues',
  module_contract: 'GuardRails Compliance Issues',
  cycle: 'Invalid Reference Expression',
}

/** One of `validationResponses`. */
export function writeFinding({ category, severity, file, line, path, message, item_key }: Finding) {
  return {
    category: categories[category],
    severity: severity === 'error' ? ('ERROR' as const) : ('WARNING' as const),
    filename: file,
    ...(line === null ? {} : { lineNumber: line }),
    ...(path === null ? {} : { path }),
    ...(item_key === null ? {} : resourceOf(item_key)),
    message,
  }
}

/** `validationResult`: what keeps it from being released, file by file. */
export function writeResult(findings: readonly Finding[]) {
  const errors = findings.filter(({ severity }) => severity === 'error')
  return {
    valid: errors.length === 0,
    errors: errors.map(({ category, file, line, path, message }) => ({
      filename: file.slice(file.lastIndexOf('/') + 1),
      directory: file.slice(0, Math.max(0, file.lastIndexOf('/'))),
      type: categories[category],
      syntaxError: category === 'syntax_error',
      error: `${line === null ? '' : `line ${line}: `}${path === null ? '' : `${path}: `}${message}`,
    })),
  }
}
