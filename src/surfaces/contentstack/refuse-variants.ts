import { DomainError, type FieldFault } from '#domain/errors.ts'

/**
 * Items of releases are named with a `variant_id`, which is null for the item itself (section 2.1). Here is nothing
 * else; taken for nothing, what was meant for a variant would happen to the item. Throws `invalid`.
 */
export function refuseVariants(items: readonly { variant_id?: unknown }[], field: 'item' | 'items'): void {
  const faults = items.flatMap(({ variant_id = null }, index): FieldFault[] =>
    variant_id === null
      ? []
      : [
          {
            field: field === 'item' ? 'variant_id' : `items.${index}.variant_id`,
            fault: 'invalid',
            detail: 'There are no variants here: it must be null or left out.',
          },
        ],
  )
  if (faults.length > 0) throw new DomainError('invalid', { faults: faults.slice(0, 100) })
}
