import ipaddr from 'ipaddr.js'

/** Who may be called although their address is not a public one. Made by `readAllowed`. */
export interface Allowed {
  hosts: ReadonlySet<string>
  /** Of `*.example.com`: `.example.com`. */
  suffixes: readonly string[]
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]
}

export const nobodyAllowed: Allowed = { hosts: new Set(), suffixes: [], networks: [] }

const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/

/** Reads hosts (`runner.internal`, `*.internal`), addresses and networks (`10.1.0.0/16`). Throws an Error that names what is none. */
export function readAllowed(entries: readonly string[]): Allowed {
  const hosts = new Set<string>()
  const suffixes: string[] = []
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  for (const entry of entries.map((text) => text.trim().toLowerCase()).filter((text) => text !== '')) {
    const bare = entry.replace(/^\[(.*)\]$/, '$1')
    if (ipaddr.isValidCIDR(bare)) networks.push(ipaddr.parseCIDR(bare))
    else if (isAddress(bare)) networks.push(wholeAddress(bare))
    else if (entry.startsWith('*.') && hostName.test(entry.slice(2))) suffixes.push(entry.slice(1))
    // What ends in a number would be read as an address by a URL, so that as a name it never matches.
    else if (hostName.test(entry) && !/(^|\.)[0-9][^.]*$/.test(entry)) hosts.add(entry)
    else throw new Error(`"${entry}" is no host, address or network that outgoing calls could be allowed to`)
  }
  return { hosts, suffixes, networks }
}

const wholeAddress = (text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] => {
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/** An address as it is written in full: no `127.1`, which this library would take. */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text))
}

export function isAllowedHost({ hosts, suffixes }: Allowed, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return hosts.has(name) || suffixes.some((suffix) => name.endsWith(suffix))
}

/** Every range of the library's that is not the open internet, as people call it. */
const sayings: Record<string, string> = {
  loopback: 'a loopback address',
  private: 'a private address',
  uniqueLocal: 'a private address',
  linkLocal: 'a link-local address',
  carrierGradeNat: 'a carrier-grade NAT address',
  unspecified: 'an unspecified address',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
}

const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * Why this address must not be called; undefined where it may. Only the open internet may: among IPv6 what is in
 * 2000::/3 and in no special range, so that no form that hides an IPv4 address (mapped, compatible, translated, 6to4,
 * Teredo) gets through. A mapped one is what is connected to as IPv4, and is judged as that.
 */
export function addressRefusal(text: string, { networks }: Allowed): string | undefined {
  if (text.includes('%') || !isAddress(text)) return `${text} is no address`
  const address = ipaddr.process(text)
  if (networks.some((network) => contains(network, address))) return undefined
  const range = address.range()
  const open = range === 'unicast' && (address.kind() === 'ipv4' || contains(globalUnicast, address))
  return open ? undefined : `${text} is ${sayings[range] ?? 'an address of no public network'}`
}

function contains([network, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number], address: ipaddr.IPv4 | ipaddr.IPv6) {
  return network.kind() === address.kind() && address.match([network, bits] as [ipaddr.IPv4, number])
}
