import pg from 'pg'
const proto = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown }
const original = proto.query
let on = false
export const explain = (value: boolean) => (on = value)
proto.query = function (this: unknown, config: unknown, ...rest: unknown[]) {
  const c = config as { text?: string; name?: string }
  const text = typeof config === 'string' ? config : c?.text
  if (on && typeof text === 'string' && /^\s*with (change|moved) as/.test(text)) {
    const asked =
      typeof config === 'string'
        ? `explain (analyze, buffers, wal) ${text}`
        : { ...c, name: undefined, text: `explain (analyze, buffers, wal) ${text}` }
    const cb = rest.at(-1)
    const args =
      typeof cb === 'function'
        ? [
            ...rest.slice(0, -1),
            (e: unknown, r: { rows: Record<string, string>[] }) => {
              console.log(e ?? r.rows.map((x) => Object.values(x)[0]).join('\n'))
              ;(cb as (...a: unknown[]) => void)(e, r)
            },
          ]
        : rest
    const out = original.call(this, asked, ...args) as Promise<{ rows: Record<string, string>[] }> | undefined
    if (out && typeof (out as Promise<unknown>).then === 'function')
      return out.then((r) => {
        console.log(r.rows.map((x) => Object.values(x)[0]).join('\n'))
        return r
      })
    return out
  }
  return original.call(this, config, ...rest)
}
