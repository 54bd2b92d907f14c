/** Set on the command line, so that no file decides it: no hooks, no owners, no tidying up behind our back. */
export const settings: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'safe.directory=*',
  'protocol.ext.allow=never',
  'protocol.fd.allow=never',
  'gc.auto=0',
  'maintenance.auto=false',
  // Who comes after whom is then answered without reading the commits themselves.
  'fetch.writeCommitGraph=true',
  'fetch.recurseSubmodules=false',
  'submodule.recurse=false',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting])

/** What git would otherwise find in the machine's, the user's or our own environment is not handed on. */
export function cleanEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    // No folder: nothing of anybody's lies there.
    HOME: '/dev/null',
    LC_ALL: 'C',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_PAGER: 'cat',
    GIT_EDITOR: ':',
    // No transport at all, until somebody names one.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    ...added,
  }
}
