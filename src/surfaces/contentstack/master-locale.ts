import { listLocales } from '#app/content/get-locale.ts'
import type { StackCall } from './route.ts'

/** The code of the stack's first language, which is meant where a request names none. */
export async function masterLocale({ ctx, project_id }: StackCall): Promise<string> {
  const [master] = await listLocales(ctx, { project_id })
  return master?.code ?? ''
}
