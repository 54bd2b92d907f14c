/** What a concise message keeps of each thing that it tells of (the vendor's page "Send Concise Webhook Payload"). */
const kept: { [part: string]: readonly string[] } = {
  entry: ['uid', 'title', 'locale', '_version'],
  asset: ['uid', 'title', 'filename', '_version'],
  content_type: ['uid', 'title'],
  release: ['uid', 'name'],
  environment: ['uid', 'name'],
  branch: ['uid'],
}

/** The data of a message, its things by name only. */
export function concise(data: { [part: string]: unknown }): { [part: string]: unknown } {
  const parts = Object.entries(data).map(([part, value]) => {
    const fields = kept[part]
    if (!fields || typeof value !== 'object' || value === null) return [part, value]
    return [part, Object.fromEntries(Object.entries(value).filter(([field]) => fields.includes(field)))]
  })
  return Object.fromEntries(parts) as { [part: string]: unknown }
}
