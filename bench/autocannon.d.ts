declare module 'autocannon' {
  /** What of it is used here; it comes without types. */
  export default function autocannon(options: {
    url: string
    method: string
    connections: number
    duration: number
    headers: Record<string, string>
    body?: string
  }): Promise<{ non2xx: number; errors: number; duration: number; requests: { total: number } }>
}
