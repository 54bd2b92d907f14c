import type { InfraVariableRow } from '#store/infra-variable.ts'

/** A variable as anybody may see it: of a secret there is no value. */
export type VariableView = Omit<InfraVariableRow, 'value'> & { value: string | null }

export function viewVariable(row: InfraVariableRow): VariableView {
  return row.secret ? { ...row, value: null } : row
}
